"""How much of speech can be understood after a link: the short-time objective intelligibility measure (STOI).

C. H. Taal, R. C. Hendriks, R. Heusdens, J. Jensen, "An algorithm for intelligibility prediction of time-frequency
weighted noisy speech", IEEE Trans. Audio Speech Lang. Process. 19 (2011) 2125: short pieces of the envelopes in
one-third octave bands are correlated with those of the original; 1 is unchanged, near 0 is something else.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

# As in the paper.
RATE_HZ = 10_000
_FRAME, _HOP, _FFT = 256, 128, 512
_BANDS, _LOWEST_HZ = 15, 150.0
_PIECE_FRAMES = 30
_CLIP = 1 + 10 ** (15 / 20)
_SILENT_DB = 40.0
# A receiver's buffer stretches and shortens sound, so each second is compared with where it belongs.
_ALIGN_S = 1.0

Samples = NDArray[np.float64]


def intelligibility(original: Samples, heard: Samples) -> float:
    """STOI of what was heard, sample for sample, in the place of the original.

    Parameters
    ----------
    original, heard : (N,) arrays
        Samples at ``RATE_HZ``; half a second and more that is not silent.

    Returns
    -------
    float
        1 for the same sound, near 0 for an unrelated one; NaN when the original is too short, 0 when it is silent.

    Examples
    --------
    >>> from tongtai.core.sound.speech_like import speech_like
    >>> sound = speech_like(np.random.default_rng(1), seconds=3.0, rate_hz=20_000)[::2]
    >>> round(intelligibility(sound, 0.3 * sound), 6)
    1.0
    """
    window = np.hanning(_FRAME + 2)[1:-1]
    frames = [sliding_window_view(sound, _FRAME)[::_HOP] * window for sound in (original, heard)]
    energy_db = 20 * np.log10(np.linalg.norm(frames[0], axis=1) + 1e-12)
    kept = energy_db > energy_db.max(initial=-np.inf) - _SILENT_DB
    if kept.sum() < _PIECE_FRAMES:
        return float("nan")
    clean, other = (_envelopes(one[kept]) for one in frames)
    # (bands, pieces, frames of a piece)
    clean, other = (sliding_window_view(one, _PIECE_FRAMES, axis=1) for one in (clean, other))
    gain = np.linalg.norm(clean, axis=2, keepdims=True) / (
        np.linalg.norm(other, axis=2, keepdims=True) + 1e-12
    )
    other = np.minimum(other * gain, clean * _CLIP)
    clean = clean - clean.mean(axis=2, keepdims=True)
    other = other - other.mean(axis=2, keepdims=True)
    norms = np.linalg.norm(clean, axis=2) * np.linalg.norm(other, axis=2) + 1e-12
    return float(np.mean((clean * other).sum(axis=2) / norms))


def heard_of_loop(loop: Samples, heard: Samples) -> list[float]:
    """STOI of each second of what was heard of a sound that is played again and again.

    Parameters
    ----------
    loop : (N,) array
        What is played, at ``RATE_HZ``, longer than two seconds.
    heard : (M,) array
        What came, without gaps; it may begin anywhere and be stretched or shortened by the receiver.

    Returns
    -------
    list of float
        One value a whole second; 0 where nothing came.
    """
    length = round(_ALIGN_S * RATE_HZ)
    values = []
    for start in range(0, len(heard) - length + 1, length):
        piece = heard[start : start + length]
        if not np.any(piece):
            values.append(0.0)
            continue
        at = _place(loop, piece)
        original = np.take(loop, np.arange(at, at + length), mode="wrap")
        values.append(max(float(np.nan_to_num(intelligibility(original, piece))), 0.0))
    return values


def _envelopes(frames: Samples) -> Samples:
    power = np.abs(np.fft.rfft(frames, _FFT, axis=1)) ** 2
    frequencies = np.fft.rfftfreq(_FFT, 1 / RATE_HZ)
    centres = _LOWEST_HZ * 2.0 ** (np.arange(_BANDS) / 3)
    edges = [int(np.argmin(np.abs(frequencies - edge))) for edge in centres * 2 ** (-1 / 6)]
    upper = [int(np.argmin(np.abs(frequencies - edge))) for edge in centres * 2 ** (1 / 6)]
    bands = [np.sqrt(power[:, low:high].sum(axis=1)) for low, high in zip(edges, upper, strict=True)]
    return np.array(bands)


def _place(loop: Samples, piece: Samples) -> int:
    """Where in the loop a piece fits best."""
    spectrum = np.fft.rfft(loop) * np.conj(np.fft.rfft(piece, len(loop)))
    return int(np.argmax(np.fft.irfft(spectrum, len(loop))))
