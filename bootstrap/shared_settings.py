"""Settings that every environment needs."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
)

from bootstrap.setting_values import folder, hostname

Environment = Literal["replay", "development", "staging", "production"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LogFormat = Literal["json", "console"]


class SharedSettings(BaseModel):
    """What every environment needs.

    Attributes:
        warnings: Korean lines for the caller to log: what is set and has no effect,
            or is dangerous.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    app_env: Environment = Field(
        description="replay, development, staging, production 가운데 하나여야 합니다."
    )
    data_dir: Annotated[Path, BeforeValidator(folder)] = Field(
        default_factory=lambda: platformdirs.user_data_path(
            "mcp-volume-ranking", appauthor=False
        ),
        description="폴더 경로여야 합니다.",
    )
    log_level: LogLevel = Field(
        default_factory=lambda data: (
            "DEBUG" if data.get("app_env") == "staging" else "INFO"
        ),
        description="DEBUG, INFO, WARNING, ERROR, CRITICAL 가운데 하나여야 합니다.",
    )
    log_format: LogFormat = Field(
        default_factory=lambda: "console" if sys.stderr.isatty() else "json",
        description="json이나 console이어야 합니다.",
    )
    max_ranking_count: int = Field(
        default=100, ge=1, le=100, description="1에서 100 사이의 정수여야 합니다."
    )
    unusual_volume_threshold: int = Field(
        default=200,
        ge=100,
        le=1000,
        description="100에서 1000 사이의 정수(%)여야 합니다.",
    )
    cache_l1_ttl_seconds: int = Field(
        default=60, ge=1, le=60, description="1에서 60 사이의 정수(초)여야 합니다."
    )
    cache_l2_ttl_seconds: int = Field(
        default=300, ge=1, le=300, description="1에서 300 사이의 정수(초)여야 합니다."
    )
    cache_l1_max_entries: int = Field(
        default=1000,
        ge=0,
        le=1_000_000,
        description="0에서 1000000 사이의 정수여야 합니다(0은 답을 기억하지 않습니다).",
    )
    cache_max_bytes: int = Field(
        default=100_000_000,
        ge=1_000_000,
        le=10_000_000_000,
        description="1000000에서 10000000000 사이의 정수(바이트)여야 합니다.",
    )
    http_host: Annotated[str, AfterValidator(hostname)] = Field(
        default="127.0.0.1", description="주소나 호스트 이름이어야 합니다."
    )
    http_port: int = Field(
        default=8000, ge=1, le=65535, description="1에서 65535 사이의 정수여야 합니다."
    )
    warnings: tuple[str, ...] = ()

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        return ()
