"""How the gateway follows the link: pure rules."""

from hypothesis import given
from hypothesis import strategies as st

from tongtai.entrypoints.gateway.rate import Backlog, KeyLimiter, LinkFit, RateFollower, Silence


def test_goes_down_at_once_and_up_after_three_seconds():
    follower = RateFollower(source_height=720, start_bps=3_000_000)
    assert follower.update(3_000_000, now_s=0).height == 720
    assert follower.update(800_000, now_s=1).height == 540
    assert follower.update(300_000, now_s=2).height == 360
    assert follower.update(2_500_000, now_s=3).height == 360
    assert follower.update(2_500_000, now_s=6.1).height == 540
    assert follower.update(2_500_000, now_s=7).height == 540
    assert follower.update(2_500_000, now_s=10.2).height == 720


def test_no_news_keeps_the_rate():
    follower = RateFollower(source_height=720)
    known = follower.update(1_000_000, now_s=0)
    assert follower.update(None, now_s=1) == known


@given(
    st.lists(st.tuples(st.integers(0, 20_000_000), st.floats(0.01, 5)), max_size=60),
    st.sampled_from([240, 480, 720, 1080]),
)
def test_rate_and_height_stay_within_bounds(estimates, source_height):
    follower, now_s = RateFollower(source_height=source_height), 0.0
    for target, step_s in estimates:
        now_s += step_s
        plan = follower.update(target, now_s=now_s)
        assert 120_000 <= plan.bitrate_bps <= 4_000_000
        assert plan.height <= min(source_height, 720)
        assert target == 0 or plan.bitrate_bps <= max(target, 120_000)


def test_backlog_leaves_out_pictures_until_the_link_has_caught_up():
    backlog = Backlog()
    assert not backlog.full(rate_bps=1e6, now_s=0)
    backlog.sent(50_000)  # 400 kbit: 0.4 s at this rate
    assert backlog.full(rate_bps=1e6, now_s=0.1)
    assert not backlog.full(rate_bps=1e6, now_s=0.3)


def test_key_requests_are_answered_twice_a_second_and_none_is_forgotten():
    keys = KeyLimiter()
    keys.request()
    assert keys.due(now_s=0)
    keys.made(now_s=0)
    keys.request()
    assert not keys.due(now_s=0.4)
    assert keys.due(now_s=0.6)


def test_silence_thins_out_then_stops():
    silence = Silence()
    assert not silence.leaves_out(1, now_s=100)
    silence.hear(10, now_s=0)
    silence.hear(10, now_s=0.3)
    left_out = [silence.leaves_out(number, now_s=0.3) for number in range(6)]
    assert left_out == [False, True, True, False, True, True]
    assert all(silence.leaves_out(number, now_s=0.6) for number in range(6))
    silence.hear(11, now_s=0.65)
    assert not silence.leaves_out(1, now_s=0.66)


def packets(fit, *, seconds, target_bps, key_every=30, start_s=0.0):
    fits = False
    for index in range(int(seconds * 30)):
        fits = fit.update(
            size_bytes=8_000, key=index % key_every == 0, target_bps=target_bps, now_s=start_s + index / 30
        )
    return fits


def test_packets_pass_when_the_link_has_room():
    assert packets(LinkFit(), seconds=10, target_bps=4_000_000)


def test_packets_do_not_pass_on_a_thin_link_nor_with_rare_key_pictures():
    assert not packets(LinkFit(), seconds=10, target_bps=2_000_000)
    assert not packets(LinkFit(), seconds=20, target_bps=9_000_000, key_every=90)
    fit = LinkFit()
    assert packets(fit, seconds=10, target_bps=4_000_000)
    assert not packets(fit, seconds=1, target_bps=1_000_000, start_s=10)
