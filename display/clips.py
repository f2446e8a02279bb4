"""Makes the voice pack of the lobby: the chime, and every word of a call as a short clip of its own."""

from __future__ import annotations

import argparse
import array
import json
import math
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "clips"
RATE = 48_000
SUFFIXES = (".ogg", ".opus", ".wav", ".mp3")
Samples = list[float]

# Written as phonemes where the synthesiser would read a lone word wrongly.
WORDS = {
    "nomor_antrean": "[[n'omOr||antr'ean]]",
    "silakan_menuju": "[[sil'akan||m@n'udZu]]",
    "loket": "[[l'okEt]]",
    "panggilan_kedua": "[[paNg'ilan||k@d'ua]]",
    "panggilan_terakhir": "[[paNg'ilan||t@r'axir]]",
    "nol": "nol", "satu": "satu", "dua": "dua", "tiga": "tiga", "empat": "[[@mp'at]]", "lima": "lima",
    "enam": "[[@n'am]]", "tujuh": "tujuh", "delapan": "delapan", "sembilan": "sembilan",
    "sepuluh": "sepuluh", "sebelas": "[[s@b@l'as]]", "belas": "[[b@l'as]]", "puluh": "puluh",
    "seratus": "seratus", "ratus": "ratus", "seribu": "seribu", "ribu": "ribu",
}  # fmt: skip
LETTERS = {
    "a": "[['a:]]", "b": "[[b'e:]]", "c": "[[tS'e:]]", "d": "[[d'e:]]", "e": "[['e:]]", "f": "[['Ef]]",
    "g": "[[g'e:]]", "h": "[[h'a:]]", "i": "[['i:]]", "j": "[[dZ'e:]]", "k": "[[k'a:]]", "l": "[['El]]",
    "m": "[['Em]]", "n": "[['En]]", "o": "[['o:]]", "p": "[[p'e:]]", "q": "[[k'i:]]", "r": "[['Er]]",
    "s": "[['Es]]", "t": "[[t'e:]]", "u": "[['u:]]", "v": "[[f'e:]]", "w": "[[w'e:]]", "x": "[['Eks]]",
    "y": "[[j'e:]]", "z": "[[z'Et]]",
}  # fmt: skip
SPOKEN = {**WORDS, **{f"huruf_{letter}": sound for letter, sound in LETTERS.items()}}

# Seconds of quiet that make a sentence of words; the voice begins while the chime still rings.
QUIET_AFTER = {"chime": -0.45, "nomor_antrean": 0.22, "panggilan_kedua": 0.4, "panggilan_terakhir": 0.4}
QUIET_BEFORE = {"silakan_menuju": 0.4}
LETTER_QUIET, WORD_QUIET = 0.14, 0.03


def main() -> None:
    """Write all clips and their list (needs espeak-ng and ffmpeg; the screens need neither).

    To use recordings of a human voice instead, put files with the same names into `display/static/clips/` and
    run `python -m display.clips --manifest`, which only writes the list: one word per file, mono, silence cut
    off, all equally loud, in any format that browsers decode (Ogg Opus, WAV, MP3).
    """
    parser = argparse.ArgumentParser(description="Make the voice pack of the lobby.")
    parser.add_argument("--manifest", action="store_true", help="list the files that are there, make none")
    if not parser.parse_args().manifest:
        FOLDER.mkdir(parents=True, exist_ok=True)
        _encode("chime", chime())
        for name, sound in SPOKEN.items():
            _encode(name, _spoken(sound))
    _write_manifest()


def chime() -> Samples:
    """Two soft bell tones, a falling major third, each with a few overtones that die away sooner."""
    first, second = _bell(783.99, 1.1), _bell(622.25, 1.5)
    start = int(0.42 * RATE)
    mixed = first + [0.0] * (start + len(second) - len(first))
    for at, value in enumerate(second, start):
        mixed[at] += value
    return _loud(mixed, 0.1)


def _bell(pitch: float, seconds: float) -> Samples:
    overtones = [(1.0, 1.0, 4.0), (2.0, 0.35, 6.0), (3.01, 0.12, 9.0), (4.2, 0.05, 14.0)]
    return [
        sum(
            part * math.exp(-fade * t) * math.sin(2 * math.pi * pitch * over * t)
            for over, part, fade in overtones
        )
        * min(1.0, t / 0.006, (seconds - t) / 0.1)
        for t in (i / RATE for i in range(int(seconds * RATE)))
    ]


def _spoken(sound: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        raw, file = Path(folder, "raw.wav"), Path(folder, "word.wav")
        subprocess.run(["espeak-ng", "-v", "id", "-s", "130", "-p", "42", "-w", raw, sound], check=True)
        _ffmpeg("-i", raw, "-af", "highpass=f=90", "-ar", str(RATE), "-ac", "1", file)
        return _loud(_faded(_trimmed(_read(file))), 0.13)


def _read(file: Path) -> Samples:
    with wave.open(str(file)) as sound:
        return [value / 32768 for value in array.array("h", sound.readframes(sound.getnframes()))]


def _trimmed(samples: Samples) -> Samples:
    # Quiet consonants at the edges are speech too: cut only below 1 % of the peak, and leave 10 ms around.
    limit = 0.01 * max(map(abs, samples))
    heard = [at for at, value in enumerate(samples) if abs(value) > limit]
    margin = RATE // 100
    return samples[max(0, heard[0] - margin) : heard[-1] + margin]


def _faded(samples: Samples) -> Samples:
    edge = RATE // 200
    last = len(samples) - 1
    return [value * min(1.0, at / edge, (last - at) / edge) for at, value in enumerate(samples)]


def _loud(samples: Samples, wanted: float) -> Samples:
    voiced = sorted((value * value for value in samples), reverse=True)[: len(samples) // 2]
    gain = wanted / math.sqrt(sum(voiced) / len(voiced))
    gain = min(gain, 0.85 / max(map(abs, samples)))
    return [value * gain for value in samples]


def _encode(name: str, samples: Samples) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "clip.wav")
        with wave.open(str(file), "wb") as sound:
            sound.setparams((1, 2, RATE, len(samples), "NONE", ""))
            sound.writeframes(array.array("h", (round(value * 32767) for value in samples)).tobytes())
        _ffmpeg("-i", file, "-c:a", "libopus", "-b:a", "32k", "-application", "voip", FOLDER / f"{name}.ogg")


def _ffmpeg(*arguments: str | Path) -> None:
    quiet = ["-nostdin", "-loglevel", "error", "-y", "-bitexact"]
    subprocess.run(["ffmpeg", *quiet, *arguments[:-1], "-map_metadata", "-1", arguments[-1]], check=True)


def _write_manifest() -> None:
    missing = [name for name in ["chime", *SPOKEN] if not _files(name)]
    if missing:
        sys.exit(f"no file for: {', '.join(missing)}")
    rows = {name: _row(name) for name in ["chime", *SPOKEN]}
    (FOLDER / "clips.json").write_text(json.dumps({"clips": rows}, indent=1) + "\n")


def _files(name: str) -> list[Path]:
    return [file for suffix in SUFFIXES if (file := FOLDER / f"{name}{suffix}").exists()]


def _row(name: str) -> dict[str, str | float]:
    usual = LETTER_QUIET if name.startswith("huruf_") else WORD_QUIET
    return {
        "file": _files(name)[0].name,
        "before": QUIET_BEFORE.get(name, 0.0),
        "after": QUIET_AFTER.get(name, usual),
    }


if __name__ == "__main__":
    main()
