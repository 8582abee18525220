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


def test_a_link_that_answers_seldom_is_not_taken_for_a_silent_one():
    silence, left_out = Silence(), 0
    for number in range(300):
        now_s = number / 30
        silence.hear(number // 7, now_s=now_s)  # every .23 s
        left_out += silence.leaves_out(number, now_s=now_s + 0.03)
    assert left_out < 10
    # An outage does not make it patient for ever, and is noticed.
    assert silence.leaves_out(0, now_s=11.5)


def used_after_outage(follower, targets_bps, *, silence_s=0.6, start_s=10.0):
    """Rates after an outage, a picture every tenth of a second; before it the link was worth 2 Mb/s."""
    follower.update(2_000_000, now_s=start_s - 1)
    follower.update(None, now_s=start_s - silence_s / 2, silence_s=silence_s / 2)
    follower.update(None, now_s=start_s, silence_s=silence_s)
    return [
        follower.update(target, now_s=start_s + index / 10).bitrate_bps
        for index, target in enumerate(targets_bps)
    ]


def test_after_an_outage_most_of_what_the_link_carried_is_used_again():
    rates = used_after_outage(RateFollower(source_height=720), [900_000] * 30)
    assert min(rates) >= 0.85 * 0.9 * 2_000_000


def test_a_link_that_is_thinner_after_the_outage_is_believed():
    sinking = [900_000] * 11 + [700_000] * 20
    rates = used_after_outage(RateFollower(source_height=720), sinking)
    assert max(rates[12:]) <= 700_000
    # Nor is more sent at once than the network library would let out.
    assert max(used_after_outage(RateFollower(source_height=720), [200_000] * 5)) <= 2.2 * 200_000


def test_a_low_estimate_without_an_outage_is_believed_and_what_is_held_is_held_for_some_seconds():
    assert max(used_after_outage(RateFollower(source_height=720), [900_000] * 5, silence_s=0.2)) <= 900_000
    assert used_after_outage(RateFollower(source_height=720), [900_000] * 90)[-1] <= 900_000


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
