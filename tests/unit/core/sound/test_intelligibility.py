"""How much of speech comes through, beside an implementation that is not ours."""

import numpy as np
import pytest

from tongtai.core.sound.intelligibility import RATE_HZ, heard_of_loop, intelligibility
from tongtai.core.sound.speech_like import speech_like


@pytest.fixture(scope="module")
def spoken():
    return speech_like(np.random.default_rng(5), seconds=8, rate_hz=2 * RATE_HZ)[::2]


# Computed with pystoi 0.4.1 from the same samples; it joins the frames that are not silent, we leave them apart.
@pytest.mark.parametrize(("signal_to_noise_db", "published"), [(10, 0.927), (0, 0.734), (-10, 0.475)])
def test_noise_costs_what_another_implementation_says(spoken, signal_to_noise_db, published):
    noise = np.random.default_rng(2).normal(0, 1, len(spoken))
    noise *= np.sqrt(np.mean(spoken**2) / np.mean(noise**2)) * 10 ** (-signal_to_noise_db / 20)
    assert intelligibility(spoken, spoken + noise) == pytest.approx(published, abs=0.01)


def test_louder_is_not_better_and_another_sentence_is_not_understood(spoken):
    assert intelligibility(spoken, 0.2 * spoken) == pytest.approx(1)
    assert intelligibility(spoken, np.roll(spoken, RATE_HZ)) < 0.3
    assert intelligibility(np.zeros(RATE_HZ), spoken[:RATE_HZ]) == 0
    assert np.isnan(intelligibility(spoken[:2000], spoken[:2000]))


def test_each_second_is_found_in_the_loop_also_when_the_receiver_shortened_it(spoken):
    half, later = len(spoken) // 2, len(spoken) - 3 * RATE_HZ
    # Entered in the middle, a third of a second left out, then a second of nothing.
    heard = np.concatenate(
        [spoken[half:], spoken[: 2 * RATE_HZ], spoken[later : later + RATE_HZ], np.zeros(RATE_HZ)]
    )
    values = heard_of_loop(spoken, heard)
    assert values[:-1] == pytest.approx([1.0] * (len(values) - 1), abs=1e-6)
    assert values[-1] == 0


def test_a_gap_spoils_its_second_alone(spoken):
    heard = spoken.copy()
    heard[int(2.2 * RATE_HZ) : int(2.8 * RATE_HZ)] = 0
    values = heard_of_loop(spoken, heard)
    assert values[2] < 0.75
    assert [value for index, value in enumerate(values) if index != 2] == pytest.approx([1.0] * 7, abs=1e-6)
