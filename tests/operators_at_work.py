"""Operators of a running Lionrock: added at the command line, signed in on a page or as a program."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
from playwright.sync_api import Page, expect
from running_lionrock import Running

from lionrock.core.vocabulary import Language

PASSWORD = "harbour lanterns over slow water"  # noqa: S105 - of an operator who lives in a test
LIONROCK, ROLE = (sys.executable, "-m", "lionrock"), ("--role", "traffic-operator")


def add_operator(running: Running, name: str) -> str:
    """An operator, added as a person would: at the command line, while Lionrock runs."""
    subprocess.run(
        [*LIONROCK, "operator", "add", name, *ROLE, "--data", str(running.folder / "data"), "--password-file", "-"],
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    return name


def sign_in(page: Page, running: Running, operator: str, language: Language = Language.EN) -> None:
    """Sign in as ``operator``, and see the list of incidents."""
    page.goto(f"{running.base}/{language}/sign-in?next=/{language}/incidents")
    page.locator("input[name=name]").fill(operator)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("person")).to_contain_text(operator)


def act(client: httpx.Client, operator: str, path: str, **fields: Any) -> str:
    """Do something as ``operator``; the id of the incident that it was done to."""
    if "X-CSRF-Token" not in client.headers:
        told = client.post("/api/v1/session", json={"name": operator, "password": PASSWORD}).raise_for_status()
        client.headers["X-CSRF-Token"] = told.json()["csrf"]
    done = client.post(f"/api/v1/{path}", json={**fields, "why": "1"}).raise_for_status()
    return str(done.json()["touched"][0]["id"])
