"""Plug-ins of an arm: a kind that names a file, and that file's options."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from crest.config_faults import fault_lines
from crest.registry import Registry


class Component(BaseModel):
    """A plug-in of an arm: its kind is a file's name, its other keys are that file's options."""

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str

    @property
    def options(self) -> dict[str, Any]:
        """Return the keys beside `kind`."""
        return dict(self.model_extra or {})


def check_component(component: Component, registry: Registry, parts: Sequence[str]) -> Component:
    """Return the component, once its module and its options are known to be usable.

    Args:
        component: From the configuration.
        registry: Where its kind is looked up.
        parts: What the module must define.

    Raises:
        ValueError: Unknown kind, a module that does not import or lacks a part, a wrong option.
    """
    if component.kind not in registry.names():
        known = ", ".join(registry.names())
        raise ValueError(f"unknown kind {component.kind!r}; use one of {known}")
    try:
        module = registry[component.kind]
    except Exception as error:  # noqa: BLE001 (a plug-in of the user may fail in any way)
        raise ValueError(
            f"{registry.package}.{component.kind} does not import: {error!r}"
        ) from None
    for part in parts:
        if not hasattr(module, part):
            raise ValueError(
                f"{registry.package}.{component.kind} lacks {part}; a module there needs "
                f"{', '.join(parts)}, as its neighbours have",
            )
    try:
        module.Options.model_validate(component.options)
    except ValidationError as error:
        known = ", ".join(module.Options.model_fields) or "none"
        faults = "; ".join(fault_lines(error))
        raise ValueError(f"{faults} (options of {component.kind}: {known})") from None
    return component
