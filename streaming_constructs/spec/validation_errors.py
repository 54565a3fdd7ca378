"""Pydantic's validation errors as findings: coded, with the allowed values, and a complete piece to paste."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from streaming_constructs.spec.examples import example_of, in_yaml
from streaming_constructs.spec.finding import REMOVE, Edit, Finding, SpecPath, did_you_mean, nearest
from streaming_constructs.spec.model import FORMS
from streaming_constructs.spec.section import Section
from streaming_constructs.spec.words import brought_shape, brought_value, brought_word

FILE_FIELDS = ("defaults", "environments")
"""Fields of a file that are gone when it is a system."""


def validation_findings(error: ValidationError, model: type[BaseModel], data: Any) -> Iterator[Finding]:
    """Findings for everything that pydantic refused.

    Args:
        error: What pydantic raised.
        model: The model that was read.
        data: The plain data that it was read from.
    """
