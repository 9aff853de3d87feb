"""Settings of alerts: the Slack webhook, and the server that takes e-mail."""

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

from adapters.alerts.mailbox import Mailbox, Security
from bootstrap.alert_values import (
    address,
    addresses,
    mail_host,
    security,
    webhook,
)

_NEEDS_HOST = "SMTP_HOST가 없어 쓰이지 않습니다. SMTP_HOST도 주거나 이 설정을 지우세요."


class AlertSettings(BaseModel):
    """Where alerts go beside the log and the MCP resource; nowhere by default.

    Attributes:
        slack_webhook_url: An incoming webhook's; whoever has it can post.
        smtp_host: None sends no e-mail.
        smtp_port: None for the usual one of the security.
        smtp_to: Recipients; written with commas between.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    slack_webhook_url: Annotated[SecretStr | None, AfterValidator(webhook)] = Field(
        default=None, description="https://hooks.slack.com/… 꼴이어야 합니다."
    )
    smtp_host: Annotated[str | None, AfterValidator(mail_host)] = Field(
        default=None, description="메일 서버의 이름이나 주소여야 합니다."
    )
    smtp_port: int | None = Field(
        default=None, ge=1, le=65535, description="1에서 65535 사이의 정수여야 합니다."
    )
    smtp_security: Annotated[Security, BeforeValidator(security)] = Field(
        default=Security.STARTTLS,
        description="starttls, ssl, none 가운데 하나여야 합니다.",
    )
    smtp_username: str | None = Field(default=None, description="글자여야 합니다.")
    smtp_password: SecretStr | None = Field(
        default=None, validate_default=True, description="글자여야 합니다."
    )
    smtp_from: Annotated[str | None, AfterValidator(address)] = Field(
        default=None, validate_default=True, description="메일 주소여야 합니다."
    )
    smtp_to: Annotated[tuple[str, ...], BeforeValidator(addresses)] = Field(
        default=(), validate_default=True, description="메일 주소여야 합니다."
    )

    @field_validator("smtp_password")
    @classmethod
    def _goes_with_a_name(
        cls, value: SecretStr | None, info: ValidationInfo
    ) -> SecretStr | None:
        has_name = info.data.get("smtp_username") is not None
        if has_name != (value is not None) and "smtp_username" in info.data:
            raise ValueError(
                "SMTP_USERNAME과 SMTP_PASSWORD는 함께 있어야 합니다. 둘 다 주거나 둘"
                " 다 지우세요."
            )
        return value

    @field_validator("smtp_from", "smtp_to")
    @classmethod
    def _goes_with_a_host(cls, value: object, info: ValidationInfo) -> object:
        if "smtp_host" not in info.data:
            return value  # refused itself
        has_host = info.data["smtp_host"] is not None
        if has_host and not value:
            raise ValueError(
                "비어 있습니다. SMTP_HOST로 메일을 보내려면 SMTP_FROM(보내는 주소)과"
                " SMTP_TO(받는 주소, 쉼표로 여럿)가 있어야 합니다."
            )
        if value and not has_host:
            raise ValueError(_NEEDS_HOST)
        return value

    @property
    def mailbox(self) -> Mailbox | None:
        """Who sends e-mail to whom; None where none is sent."""
        if self.smtp_host is None or self.smtp_from is None:
            return None
        return Mailbox(
            host=self.smtp_host,
            port=self.smtp_port,
            security=self.smtp_security,
            username=self.smtp_username,
            password=self.smtp_password,
            sender=self.smtp_from,
            recipients=self.smtp_to,
        )

    @property
    def alert_secrets(self) -> tuple[str, ...]:
        """What no log may show."""
        held = (self.slack_webhook_url, self.smtp_password)
        return tuple(secret.get_secret_value() for secret in held if secret)
