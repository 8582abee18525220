"""How large and how often pictures are sent over a link of a given rate. Pure: no clock, no media."""

from dataclasses import dataclass

# Of what the link is thought to carry, this share goes to pictures; sound and repeats get the rest.
_SHARE = 0.85
_CEILING_BPS = 4_000_000
_FLOOR_BPS = 120_000
# (height, least rate for going there from below, rate under which it is left)
_STEPS = ((720, 1_700_000, 1_150_000), (540, 850_000, 560_000), (360, 0, 0))
_UPWARD_WAIT_S = 3.0
_KEY_INTERVAL_S = 0.5
# A picture is left out when what was sent would need longer than this to leave over the link.
_BACKLOG_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the encoder should do now."""

    height: int
    bitrate_bps: int


class RateFollower:
    """From the link's estimate to picture height and bit rate, without swinging.

    Down at once, up only after three quiet seconds: a step costs a key frame. What the estimate loses by an outage
    is made good (see `Resumption`).
    """

    def __init__(self, *, source_height: int, start_bps: int = 1_500_000) -> None:
        self._source_height = source_height
        self._target_bps = start_bps
        self._step = next(
            i for i, (_, least, _) in enumerate(_STEPS) if start_bps * _SHARE >= least or least == 0
        )
        self._fits_since_s: float | None = None
        self._resumption = Resumption()

    def update(self, target_bps: int | None, *, now_s: float, silence_s: float = 0.0) -> Plan:
        """Take the newest estimate (None when there is no news) and how long nothing has come back over the link."""
        if target_bps is not None and target_bps > 0:
            self._target_bps = target_bps
        usable_bps = self._resumption.rate(self._target_bps, silence_s=silence_s, now_s=now_s)
        rate = int(min(max(usable_bps * _SHARE, _FLOOR_BPS), _CEILING_BPS))
        while rate < _STEPS[self._step][2]:
            self._step += 1
            self._fits_since_s = None
        if self._step > 0 and rate >= _STEPS[self._step - 1][1]:
            self._fits_since_s = now_s if self._fits_since_s is None else self._fits_since_s
            if now_s - self._fits_since_s >= _UPWARD_WAIT_S:
                self._step -= 1
                self._fits_since_s = None
        else:
            self._fits_since_s = None
        return Plan(height=min(_STEPS[self._step][0], self._source_height), bitrate_bps=rate)


class Resumption:
    """An outage is not a thin link: most of what the link carried before is used again at once.

    Congestion control takes the queue that an outage leaves for congestion and halves its estimate, which then grows
    by a tenth a second: on a link that is handed over every few seconds it never recovers. The rate of before is
    held for some seconds, unless the estimate sinks further: then the link is another one.
    """

    _OUTAGE_S, _SETTLE_S, _HOLD_S = 0.4, 1.0, 8.0
    _PART, _FURTHER = 0.9, 0.85
    # The network library paces what it sends at two and a half times its estimate.
    _MOST = 2.2

    def __init__(self) -> None:
        self._before_bps = 0.0
        self._silent_s = 0.0
        self._held_bps = 0.0
        self._lowest_bps = 0.0
        self._since_s = 0.0

    def rate(self, target_bps: float, *, silence_s: float, now_s: float) -> float:
        """What the link carries, bits a second."""
        if silence_s >= self._OUTAGE_S / 2:
            # News that comes now may be of the outage already.
            self._silent_s = max(self._silent_s, silence_s)
            return max(self._before_bps, target_bps) if self._silent_s >= self._OUTAGE_S else target_bps
        if self._silent_s >= self._OUTAGE_S:
            self._held_bps, self._lowest_bps, self._since_s = self._before_bps * self._PART, target_bps, now_s
        self._silent_s = 0.0
        if self._held_bps and self._is_over(target_bps, now_s):
            self._held_bps = 0.0
        usable_bps = max(target_bps, min(self._held_bps, target_bps * self._MOST))
        self._before_bps = usable_bps
        return usable_bps

    def _is_over(self, target_bps: float, now_s: float) -> bool:
        if now_s - self._since_s < self._SETTLE_S:
            self._lowest_bps = min(self._lowest_bps, target_bps)
            return False
        return (
            target_bps >= self._held_bps
            or now_s - self._since_s > self._HOLD_S
            or target_bps < self._lowest_bps * self._FURTHER
        )


class Backlog:
    """What was handed to the network and, at the link's rate, cannot have left yet."""

    def __init__(self) -> None:
        self._bits = 0.0
        self._at_s: float | None = None

    def full(self, *, rate_bps: float, now_s: float) -> bool:
        """Whether the next picture should be left out."""
        if self._at_s is not None:
            self._bits = max(self._bits - (now_s - self._at_s) * rate_bps, 0.0)
        self._at_s = now_s
        return self._bits > rate_bps * _BACKLOG_S

    def sent(self, size_bytes: int) -> None:
        """Count a picture that was handed over."""
        self._bits += size_bytes * 8


class Pace:
    """The encoder's clock: as far from picture to picture as they usually come, whether some are left out or not.

    By the true time the picture after one that was left out would last twice as long and get twice the bits: a
    link that is behind would stay behind.

    Parameters
    ----------
    nominal_s : float
        From picture to picture as the source says, in seconds.
    """

    _SMOOTHING, _LONGEST = 0.05, 3.0

    def __init__(self, nominal_s: float) -> None:
        self._nominal_s = nominal_s
        self._usual_s = nominal_s
        self._came_s: float | None = None
        self._clock_s = 0.0

    def came(self, captured_s: float) -> None:
        """Take the time of a picture of the source, sent or not."""
        if self._came_s is not None:
            spacing_s = min(captured_s - self._came_s, self._LONGEST * self._nominal_s)
            self._usual_s += self._SMOOTHING * (spacing_s - self._usual_s)
        self._came_s = captured_s

    def next_s(self) -> float:
        """The time stamp of the next picture that is encoded."""
        self._clock_s += self._usual_s
        return self._clock_s


class KeyLimiter:
    """Answers requests for a key frame at most twice a second; none is forgotten."""

    def __init__(self) -> None:
        self._wanted = False
        self._last_s = float("-inf")

    def request(self) -> None:
        """Somebody needs a key frame."""
        self._wanted = True

    def due(self, *, now_s: float) -> bool:
        """Whether the next picture should be a key frame."""
        return self._wanted and now_s - self._last_s >= _KEY_INTERVAL_S

    def made(self, *, now_s: float) -> None:
        """A key frame left."""
        self._wanted = False
        self._last_s = now_s


class LinkFit:
    """Whether a source's own packets fit the link: what ``auto`` decides by.

    They are sent as they are only when the source brings a key picture at least every one and a half
    seconds (a new viewer sees nothing before) and the link carries half as much again, for five seconds.
    """

    _KEY_DISTANCE_S, _SETTLE_S, _HEADROOM_IN, _HEADROOM_STAY = 1.5, 5.0, 1.5, 1.1

    def __init__(self) -> None:
        self._rate_bps: float | None = None
        self._last_s: float | None = None
        self._last_key_s: float | None = None
        self._key_distance_s = float("inf")
        self._good_since_s: float | None = None
        self._fits = False

    def update(self, *, size_bytes: int, key: bool, target_bps: int | None, now_s: float) -> bool:
        """Count one packet; whether to send packets as they are from here."""
        self._measure(size_bytes, key=key, now_s=now_s)
        factor = self._HEADROOM_STAY if self._fits else self._HEADROOM_IN
        rate = self._rate_bps or float("inf")
        good = target_bps is not None and target_bps >= rate * factor
        if not good or self._key_distance_s > self._KEY_DISTANCE_S:
            self._good_since_s, self._fits = None, False
            return False
        self._good_since_s = now_s if self._good_since_s is None else self._good_since_s
        self._fits = self._fits or now_s - self._good_since_s >= self._SETTLE_S
        return self._fits

    def _measure(self, size_bytes: int, *, key: bool, now_s: float) -> None:
        if self._last_s is not None and now_s > self._last_s:
            present = size_bytes * 8 / (now_s - self._last_s)
            self._rate_bps = (
                present if self._rate_bps is None else self._rate_bps + 0.02 * (present - self._rate_bps)
            )
        self._last_s = now_s
        if key:
            if self._last_key_s is not None:
                self._key_distance_s = now_s - self._last_key_s
            self._last_key_s = now_s


class Silence:
    """How many pictures to send into a link from which nothing comes back.

    The media server answers to what it receives about ten times a second, and less often when it receives
    little. After twice the usual time, at least a quarter of a second, without an answer pictures are probably
    piling up on the way: every third is sent, so that a mere hiccup does not freeze the picture. After twice
    that none is, and the first one after the outage is fresh instead of the last of a queue.
    """

    _LEAST_S, _MOST_S, _USUAL_S, _SMOOTHING, _EVERY = 0.25, 0.5, 0.11, 0.1, 3

    def __init__(self) -> None:
        self._received: int | None = None
        self._heard_s: float | None = None
        self._usual_s = self._USUAL_S

    def hear(self, received: int, *, now_s: float) -> None:
        """Take the number of packets received so far."""
        if received == self._received:
            return
        if self._heard_s is not None:
            # An outage is no measure of what is usual.
            pause_s = min(now_s - self._heard_s, self._MOST_S)
            self._usual_s += self._SMOOTHING * (pause_s - self._usual_s)
        self._received, self._heard_s = received, now_s

    def lasts_s(self, *, now_s: float) -> float:
        """For how long nothing has come back."""
        return 0.0 if self._heard_s is None else max(now_s - self._heard_s, 0.0)

    def leaves_out(self, number: int, *, now_s: float) -> bool:
        """Whether picture ``number`` is left out."""
        silence_s = self.lasts_s(now_s=now_s)
        hiccup_s = min(max(2 * self._usual_s, self._LEAST_S), self._MOST_S)
        return silence_s > 2 * hiccup_s or (silence_s > hiccup_s and number % self._EVERY != 0)
