"""What any command pays that reads YAML and checks it with pydantic: the process that `validate` is measured by."""

import click  # noqa: F401
import yaml  # noqa: F401
from pydantic import BaseModel


class Yardstick(BaseModel):
    """A model of one field: to build one costs more than to import pydantic."""

    number: int


Yardstick.model_validate({"number": 1})
