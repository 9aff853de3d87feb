"""The emulated broker without a wire: nobody listens, and nobody counts calls."""

from typing_extensions import override

from adapters.kis.transport import KisRequest, KisResponse, Transport
from tests.kis_emulator.clock import EmulatorClock
from tests.kis_emulator.endpoints.request import Call
from tests.kis_emulator.endpoints.table import ENDPOINTS
from tests.kis_emulator.envelope import RefusedError, Reply
from tests.kis_emulator.figures import Truth
from tests.kis_emulator.masters import master_day, zipped_master


class Direct(Transport):
    """The very answers that the emulator would send, at the clock's instant."""

    def __init__(self, truth: Truth, clock: EmulatorClock) -> None:
        self._truth = truth
        self._clock = clock

    @override
    async def exchange(self, request: KisRequest) -> KisResponse:
        params = {name.upper(): value for name, value in request.params.items()}
        call = Call(self._truth, self._clock.now(), params)
        try:
            reply = Reply(200, ENDPOINTS[request.path].answer(call))
        except RefusedError as refusal:
            reply = Reply(refusal.status, dict(refusal.body))
        return KisResponse(status=reply.status, body=reply.body())

    @override
    async def download(self, path: str) -> bytes:
        name = path.rsplit("/", 1)[-1].removesuffix(".mst.zip")
        return zipped_master(
            self._truth, name, master_day(self._truth, self._clock.now())
        )
