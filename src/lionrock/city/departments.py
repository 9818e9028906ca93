"""The city's departments that answer for more than one service."""

from __future__ import annotations

from lionrock.core.vocabulary import Text

TRANSPORT_DEPARTMENT = Text(en="Transport Department", tc="運輸署")
