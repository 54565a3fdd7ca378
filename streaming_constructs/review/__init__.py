"""Templates in, findings out. Works without Node and without an AWS account."""

from streaming_constructs.review.validation import TemplateFinding, TemplateValidator

__all__ = ["TemplateFinding", "TemplateValidator"]
