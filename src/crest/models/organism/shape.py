"""A shape ready for use: a file of `crest.models.organism.architectures` with its options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crest.models.organism.anatomy import Anatomy
from crest.models.organism.architectures._sizes import SizeOptions
from crest.registry import Registry

ARCHITECTURES = Registry("crest.models.organism.architectures")


class OtherModelError(ValueError):
    """A `config.json` describes a model that none of the shapes can be."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network is, and how Hugging Face writes it down.

    Attributes:
        kind: The file of `architectures`.
        options: Validated options.
        anatomy: The network.
        norm_names: Hugging Face's names of a block's norms by ours.
        config: The shape's keys of `config.json`.
    """

    kind: str
    options: SizeOptions
    anatomy: Anatomy
    norm_names: Mapping[str, str]
    config: Mapping[str, Any]

    def with_vocabulary(self, vocab_size: int) -> "Shape":
        """Return the shape with another number of tokens."""
        return load_shape(self.kind, {**self.options.model_dump(), "vocab_size": vocab_size})


def load_shape(kind: str, options: Mapping[str, Any]) -> Shape:
    """Return the shape of a kind, with its options validated.

    Raises:
        KeyError: There is no such kind.
        pydantic.ValidationError: An option is missing, unknown or out of range.
    """
    module = ARCHITECTURES[kind]
    validated = module.Options.model_validate(dict(options))
    named = {"architectures": [module.CLASS_NAME], "model_type": module.MODEL_TYPE}
    return Shape(
        kind=kind,
        options=validated,
        anatomy=module.anatomy(validated),
        norm_names=module.NORMS,
        config=named | module.FIXED | module.config(validated),
    )


def read_shape(config: Mapping[str, Any]) -> Shape:
    """Return the shape that a `config.json` describes.

    Raises:
        OtherModelError: It is of another model; the message names the key.
        KeyError: It lacks a key.
        pydantic.ValidationError: A value is out of range.
    """
    kind = _kind(config.get("model_type"))
    module = ARCHITECTURES[kind]
    for key, value in module.FIXED.items():
        _agree(key, config.get(key), value)
    shape = load_shape(kind, module.read(config))
    for key, value in shape.config.items():
        _agree(key, config.get(key, value), value)
    return shape


def _kind(model_type: Any) -> str:
    known = {ARCHITECTURES.literal(kind, "MODEL_TYPE"): kind for kind in ARCHITECTURES.names()}
    if model_type not in known:
        raise OtherModelError(
            f"model_type is {model_type!r}, but the organism has {' or '.join(sorted(known))}"
        )
    return str(known[model_type])


def _agree(key: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise OtherModelError(f"{key} is {found!r}, but the organism has {wanted!r}")
