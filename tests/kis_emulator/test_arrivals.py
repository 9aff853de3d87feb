from tests.kis_emulator.arrivals import Arrival, ArrivalLog


def arrival(at: float) -> Arrival:
    return Arrival(at=at, path="/uapi/x", tr_id="X")


def test_the_second_slides() -> None:
    log = ArrivalLog(2)
    # the window before 1.05 holds 0.5 and 1.05; before 1.2 it holds 0.5, 1.05, 1.2
    admitted = [log.admit(arrival(at), "key") for at in (0.0, 0.5, 1.05, 1.2)]
    assert admitted == [True, True, True, False]
    assert log.most_in_any_second() == 3


def test_keys_have_limits_of_their_own() -> None:
    log = ArrivalLog(1)
    assert log.admit(arrival(0.0), "one")
    assert log.admit(arrival(0.0), "other")
    assert not log.admit(arrival(0.1), "one")
