"""What is said of settings that are refused: one Korean line each."""

import re
from collections.abc import Mapping

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import PydanticUndefined

_LONGEST = 80
_PASSWORD = re.compile(r"//[^/]*@")
_KEYLESS = (
    "비어 있습니다. KIS Developers에서 발급받은 실전투자 값을 넣거나(파일로는"
    " {name}_FILE), 키 없이 보려면 APP_ENV=replay로 두세요."
)


def refusals(
    error: ValidationError, model: type[BaseModel], written: Mapping[str, str]
) -> dict[str, str]:
    """The line for each setting that was refused, under its name."""
    lines: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_input=False):
        field = str(detail["loc"][0])
        name = field.upper()
        if detail["type"] == "default_factory_not_called":
            continue  # a default that waits for a field which is wrong itself
        if detail["type"] == "missing":
            sentence = _KEYLESS.format(name=name)
        elif detail["type"] == "value_error":
            sentence = str(detail["ctx"]["error"])
        else:
            sentence = f"{model.model_fields[field].description} {_mend(model, field)}"
        shown = None if _is_secret(model, field) else written.get(name)
        lines.setdefault(name, f"{_setting(name, shown)}: {sentence}")
    return lines


def _setting(name: str, shown: str | None) -> str:
    if shown is None:
        return name
    shown = _PASSWORD.sub("//[가림]@", shown)
    cut = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
    return f"{name}={cut!r}"


def _is_secret(model: type[BaseModel], field: str) -> bool:
    return model.model_fields[field].annotation in {SecretStr, SecretStr | None}


def _mend(model: type[BaseModel], field: str) -> str:
    default = model.model_fields[field].default
    if default is PydanticUndefined:
        return "고치거나 지워 주세요."
    return f"고치거나, 지우고 기본값 {default}에 맡기세요."
