"""Settings: environment variables and ``.env``, parsed once into frozen models.

Every field is an environment variable in lower case. Its description is the Korean
sentence that says what is allowed, and ends up in the refusal.
"""

from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from typing_extensions import override

from adapters.telemetry.redaction import Redactor
from bootstrap.alert_settings import AlertSettings
from bootstrap.setting_refusals import refusals
from bootstrap.setting_sources import (
    ALL_SECRET_NAMES,
    ALL_SECRETS,
    UnreadableError,
    read_secret,
    read_written,
)
from bootstrap.setting_values import (
    VIRTUAL_REFUSED,
    archive_address,
    instant,
    key,
    password_of,
    real_service_base,
    recorded_instant,
    recording,
    redis_address,
    redis_password_of,
    service_base,
)
from bootstrap.setting_warnings import live_warnings, replay_warnings, unknown_names
from bootstrap.shared_settings import Environment, SharedSettings
from domain.errors import VolumeRankingError

_T = TypeVar("_T")


class SettingsError(VolumeRankingError):
    """The settings do not allow a start.

    Attributes:
        problems: One Korean line per wrong setting, none with a secret in it.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ReplaySettings(SharedSettings):
    """Answers from a recording; no key, no network.

    Attributes:
        replay_recording: None for the bundled one.
        replay_at: A time of the recorded session or an aware instant; None for the
            last one recorded.
    """

    app_env: Literal["replay"] = Field(
        default="replay",
        description="replay, development, staging, production 가운데 하나여야 합니다.",
    )
    replay_recording: Annotated[Path | None, BeforeValidator(recording)] = None
    replay_at: Annotated[datetime | time | None, BeforeValidator(recorded_instant)] = (
        None
    )


class LiveSettings(AlertSettings, SharedSettings):
    """Answers from the broker.

    Attributes:
        kis_base_url: Of the broker's API: scheme, host and port, without a slash.
        kis_master_url: The same of the public files.
        kis_rate_limit: Calls a second.
        clock_at: Where the clock starts, in Seoul's time; None for now.
        clock_speed: Seconds of that clock in a real one.
        clock_since: The real instant at which it showed ``clock_at``; None for the
            start of the process.
    """

    app_env: Literal["development", "staging", "production"]
    kis_app_key: Annotated[SecretStr, AfterValidator(key)] = Field(
        description="비어 있습니다."
    )
    kis_app_secret: Annotated[SecretStr, AfterValidator(key)] = Field(
        description="비어 있습니다."
    )
    kis_base_url: Annotated[str, AfterValidator(real_service_base)] = Field(
        default="https://openapi.koreainvestment.com:9443",
        description="https://호스트:포트 꼴이어야 합니다.",
    )
    kis_master_url: Annotated[str, AfterValidator(service_base)] = Field(
        default="https://new.real.download.dws.co.kr",
        description="https://호스트:포트 꼴이어야 합니다.",
    )
    kis_account_type: Literal["real"] = Field(
        default="real",
        description="real이어야 합니다(virtual에는 순위 조회 API가 없습니다).",
    )
    kis_rate_limit: int = Field(
        default=15,
        ge=1,
        le=18,
        description="1에서 18 사이의 정수여야 합니다(KIS 한도는 초당 18건).",
    )
    clock_at: Annotated[datetime | None, BeforeValidator(instant)] = None
    clock_speed: int = Field(
        default=1, ge=1, le=120, description="1에서 120 사이의 정수(배)여야 합니다."
    )
    clock_since: Annotated[datetime | None, BeforeValidator(instant)] = None
    upkeep: bool = Field(default=True, description="true나 false여야 합니다.")
    archive_url: Annotated[SecretStr | None, AfterValidator(archive_address)] = Field(
        default=None,
        description="sqlite:////폴더/archive.sqlite3이나 postgresql://… 꼴이어야 "
        "합니다.",
    )

    redis_url: Annotated[SecretStr | None, AfterValidator(redis_address)] = Field(
        default=None, description="redis://호스트:6379/0 꼴이어야 합니다."
    )

    @field_validator("kis_account_type", mode="before")
    @classmethod
    def _ranks_something(cls, value: object) -> object:
        if value == "virtual":
            raise ValueError(VIRTUAL_REFUSED)
        return value

    @field_validator("clock_at")
    @classmethod
    def _is_a_rehearsal(
        cls, value: datetime | None, info: ValidationInfo
    ) -> datetime | None:
        if value is not None and info.data.get("app_env") == "production":
            raise ValueError(
                "production에서는 시계를 옮길 수 없습니다. CLOCK_AT을 지우거나"
                " APP_ENV=staging으로 예행연습을 하세요."
            )
        return value

    @field_validator("clock_speed", "clock_since")
    @classmethod
    def _is_of_a_rehearsal(cls, value: _T, info: ValidationInfo) -> _T:
        name = str(info.field_name)
        if value == cls.model_fields[name].default:
            return value
        if info.data.get("app_env") == "production":
            raise ValueError(
                "production에서는 시계를 바꿀 수 없습니다. 지우거나"
                " APP_ENV=staging으로 예행연습을 하세요."
            )
        if "clock_at" in info.data and info.data["clock_at"] is None:
            raise ValueError(
                "CLOCK_AT에서 시작한 시계에만 쓸 수 있습니다. CLOCK_AT도 주거나 이"
                " 설정을 지우세요."
            )
        return value

    @property
    @override
    def secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        held = (self.kis_app_key, self.kis_app_secret)
        told = tuple(secret.get_secret_value() for secret in held)
        passwords = (password_of(self.archive_url), redis_password_of(self.redis_url))
        found = (password for password in passwords if password)
        return (*told, *found, *self.alert_secrets)


_S = TypeVar("_S", ReplaySettings, LiveSettings)
_KNOWN = {
    *(name.upper() for name in ReplaySettings.model_fields),
    *(name.upper() for name in LiveSettings.model_fields),
    *ALL_SECRET_NAMES,
} - {"WARNINGS"}


def load_settings(
    environ: Mapping[str, str] | None = None,
) -> ReplaySettings | LiveSettings:
    """The settings of this process.

    Args:
        environ: All variables there are; None for the process's environment over the
            ``.env`` of the working directory.

    Raises:
        SettingsError: At least one setting is wrong; all of them are named.
    """
    try:
        written = read_written(environ)
    except UnreadableError as error:
        raise SettingsError((str(error),)) from None
    if written.get("APP_ENV") in get_args(Environment)[1:]:
        return _live(written)
    return _parsed(ReplaySettings, written, replay_warnings(written), {})


def _live(written: Mapping[str, str]) -> LiveSettings:
    secrets: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name in ALL_SECRETS:
        try:
            secrets[name] = read_secret(name, written) or ""
        except UnreadableError as error:
            problems[name] = str(error)
    found = {name: text for name, text in secrets.items() if text}
    return _parsed(LiveSettings, {**written, **found}, live_warnings(written), problems)


def _parsed(
    model: type[_S],
    written: Mapping[str, str],
    warnings: list[str],
    problems: Mapping[str, str],
) -> _S:
    redactor = Redactor(written[name] for name in ALL_SECRETS if name in written)
    said = [*warnings, *unknown_names(written, _KNOWN)]
    values: dict[str, object] = {
        field: written[field.upper()]
        for field in model.model_fields
        if field.upper() in written
    }  # a variable that happens to be called WARNINGS is overwritten here
    values["warnings"] = tuple(redactor.known(line) for line in said)
    try:
        settings = model.model_validate(values)
    except ValidationError as error:
        refused = {**refusals(error, model, written), **problems}
    else:
        if not problems:
            return settings
        refused = {**problems}
    raise SettingsError(tuple(redactor.known(line) for line in refused.values()))
