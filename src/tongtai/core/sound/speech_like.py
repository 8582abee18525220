"""A signal that has what speech has where intelligibility is measured: syllables, formants, a gliding voice, hisses.

It says nothing, belongs to nobody and is made anew from a seed wherever it is needed.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

_VOICED_SHARE = 0.75
_SYLLABLE_S, _PAUSE_S = (0.12, 0.28), (0.02, 0.09)
_PITCH_HZ = (95.0, 190.0)
# Centre (from, to) and width of the resonances of a vowel, and of a hiss, in Hz.
_FORMANTS_HZ = (((280, 850), 80), ((900, 2300), 120), ((2300, 3300), 170))
_HISS_HZ = (((2500, 5500), 1200),)
_LEVEL = 0.12


def speech_like(random: np.random.Generator, *, seconds: float, rate_hz: int = 16_000) -> NDArray[np.float64]:
    """A signal like speech.

    Parameters
    ----------
    random : numpy.random.Generator
        Chooses the syllables.
    seconds : float
        Length.
    rate_hz : int
        Samples a second, at least 12,000.

    Returns
    -------
    (N,) array
        Samples between -1 and 1.

    Examples
    --------
    >>> sound = speech_like(np.random.default_rng(1), seconds=2.0)
    >>> sound.shape, bool(np.abs(sound).max() <= 1)
    ((32000,), True)
    """
    length = round(seconds * rate_hz)
    parts: list[NDArray[np.float64]] = []
    made = 0
    while made < length:
        syllable = _syllable(random, rate_hz)
        pause = np.zeros(round(random.uniform(*_PAUSE_S) * rate_hz))
        parts += [syllable, pause]
        made += len(syllable) + len(pause)
    return np.clip(np.concatenate(parts)[:length], -1.0, 1.0)


def _syllable(random: np.random.Generator, rate_hz: int) -> NDArray[np.float64]:
    count = round(random.uniform(*_SYLLABLE_S) * rate_hz)
    voiced = random.random() < _VOICED_SHARE
    if voiced:
        pitch_hz = np.linspace(random.uniform(*_PITCH_HZ), random.uniform(*_PITCH_HZ), count)
        turns = np.cumsum(pitch_hz / rate_hz)
        # One pulse of the voice a turn.
        sound = np.diff(np.floor(turns), prepend=0.0) + random.normal(0, 0.01, count)
    else:
        sound = random.normal(0, 1, count)
    for (lowest, highest), width_hz in _FORMANTS_HZ if voiced else _HISS_HZ:
        sound = _resonance(sound, random.uniform(lowest, highest), width_hz, rate_hz)
    sound = sound * np.sqrt(np.hanning(count))
    level = _LEVEL * (1.0 if voiced else 0.5)
    scaled: NDArray[np.float64] = sound * (level / max(float(np.sqrt(np.mean(sound**2))), 1e-12))
    return scaled


def _resonance(
    sound: NDArray[np.float64], centre_hz: float, width_hz: float, rate_hz: int
) -> NDArray[np.float64]:
    radius = np.exp(-np.pi * width_hz / rate_hz)
    feedback = [1.0, -2 * radius * np.cos(2 * np.pi * centre_hz / rate_hz), radius**2]
    ringing: NDArray[np.float64] = lfilter([sum(feedback)], feedback, sound)
    return ringing
