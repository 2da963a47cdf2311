"""What one user has set for the prompt: `set cli`, `show cli`, `clear cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_STAMP = "%b %d %H:%M:%S"
"""The format of `set cli timestamp` where none is given."""


class NoSetting(Exception):
    """There is no such setting, or not with that value."""

    def __init__(self, message: str, word: str = "") -> None:
        self.message, self.word = message, word
        super().__init__(message)


class Settings:
    """The settings of one prompt; nothing here has pages to turn, so most only answer."""

    def __init__(self, user: str, systems: Callable[[], Collection[str]]) -> None:
        self.system = ""
        """The logical system that commands are meant for."""
        self._systems = systems
        self._values = {
            "complete-on-space": "on",
            "idle-timeout": "0",
            "restart-on-upgrade": "on",
            "screen-length": "24",
            "screen-width": "80",
            "terminal": "xterm",
            "timestamp": "",
            "directory": f"/var/home/{user}",
        }

    def answers(self, line: str) -> str | None:
        """What a line about the settings prints; None if it is about something else.

        Raises:
            NoSetting: it is about a setting that there is not.
        """
        verb, *rest = line.split() or [""]
        if rest[:1] != ["cli"]:
            return None
        words = rest[1:]
        if verb == "set":
            return self._set(words)
        if verb == "show" and not words:
            return self._show()
        if verb == "clear" and words == ["logical-system"]:
            self.system = ""
            return "Cleared default logical system\n"
        return None

    def _set(self, words: list[str]) -> str:
        name, value = (*words, "", "")[:2]
        if name == "logical-system":
            return self._enter(value)
        if name not in self._values and name != "prompt":
            raise NoSetting("syntax error", name)
        if name == "timestamp":
            value = "" if value == "disable" else " ".join(words[2:]).strip('"') or _STAMP
        self._values[name] = value
        return self._said(name, value)

    def _enter(self, system: str) -> str:
        if system not in self._systems() or not system:
            raise NoSetting(f"logical-system {system} is not configured", system)
        self.system = system
        return f"Logical system: {system}\n"

    @staticmethod
    def _said(name: str, value: str) -> str:
        switched = "Enabling" if value == "on" else "Disabling"
        return {
            "complete-on-space": f"{switched} complete-on-space\n",
            "idle-timeout": f"Idle timeout set to {value} minutes\n",
            "restart-on-upgrade": f"{switched} restart-on-upgrade\n",
            "screen-length": f"Screen length set to {value}\n",
            "screen-width": f"Screen width set to {value}\n",
            "timestamp": f"CLI timestamp set to: {value}\n"
            if value
            else "CLI timestamp disabled\n",
            "directory": f"Current directory: {value}\n",
        }.get(name, "")

    def _show(self) -> str:
        values = self._values
        timeout = values["idle-timeout"]
        stamp = values["timestamp"]
        return "".join(
            f"CLI {line}\n"
            for line in (
                f"complete-on-space set to {values['complete-on-space']}",
                f"idle-timeout set to {timeout} minutes"
                if timeout != "0"
                else "idle-timeout disabled",
                f"restart-on-upgrade set to {values['restart-on-upgrade']}",
                f"screen-length set to {values['screen-length']}",
                f"screen-width set to {values['screen-width']}",
                f"terminal is '{values['terminal']}'",
                "is operating in enhanced mode",
                f"timestamp set to: {stamp}" if stamp else "timestamp disabled",
                f"working directory is '{values['directory']}'",
            )
        )
