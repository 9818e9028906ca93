"""The roles that an operator can have: what the declarations ask for, and the house's own."""

from __future__ import annotations

from collections.abc import Collection

from lionrock.app.discovery import Catalogue
from lionrock.core.vocabulary import BadInput

HOUSE_ROLES = ("steward",)  # promotes models and rolls them back


def list_roles(catalogue: Catalogue) -> list[str]:
    """Every role that something needs, by name."""
    needed = {action.needs for service in catalogue.services for action in service.actions}
    asked = {question.access for service in catalogue.services for question in service.questions if question.access}
    return sorted(needed | asked | set(HOUSE_ROLES))


def refuse_unknown_roles(catalogue: Catalogue, roles: Collection[str]) -> None:
    """Raise BadInput where nothing needs one of ``roles``: it would be a slip of the pen that shows late."""
    known = list_roles(catalogue)
    unknown = sorted(set(roles) - set(known))
    if unknown:
        raise BadInput(f"no role {', '.join(unknown)}; there are: {', '.join(known)}")
