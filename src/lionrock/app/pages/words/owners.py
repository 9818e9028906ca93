"""Who answers for services, by the name that their declarations use, in English and Traditional Chinese."""

from __future__ import annotations

from lionrock.core.vocabulary import Language, Text, said

OWNERS: dict[str, Text] = {
    owner.en: owner
    for owner in (
        said("1823 / Digital Policy Office", "1823／數字政策辦公室"),
        said("Digital Policy Office", "數字政策辦公室"),
        said("Hong Kong Observatory", "香港天文台"),
        said("KMB, Long Win and Citybus / Transport Department", "九巴、龍運及城巴／運輸署"),
        said("Transport Department", "運輸署"),
    )
}


def tell_owner(owner: str, language: Language) -> str:
    """An owner's name; one that is not known here, such as a private service's, as it was declared."""
    return OWNERS[owner].say(language) if owner in OWNERS else owner
