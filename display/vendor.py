"""Fetches the fonts, icons and the socket client that our pages carry with them, and notes their licences."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LOOK = Path(__file__).parent / "look"
RECORD = LOOK / "VENDOR.json"

ICONS = tuple(sorted({*(LOOK / "icons.txt").read_text().split()}))


@dataclass(frozen=True)
class Package:
    """One pinned package: what to take out of it (path inside → file in look/), and under which licence."""

    name: str
    version: str
    licence: str
    files: dict[str, str] = field(default_factory=dict)
    icons: tuple[str, ...] = ()


def _font(name: str) -> Package:
    return Package(
        f"@fontsource-variable/{name}",
        "5.3.0",
        "OFL-1.1",
        {
            f"files/{name}-latin-wght-normal.woff2": f"fonts/{name}.woff2",
            "LICENSE": f"fonts/LICENSE-{name}.txt",
        },
    )


PACKAGES = (
    _font("plus-jakarta-sans"),
    _font("atkinson-hyperlegible-next"),
    Package(
        "lucide-static",
        "1.62.0",
        "ISC",
        {"LICENSE": "icons/LICENSE-lucide.txt"},
        icons=ICONS,
    ),
    Package(
        "socket.io-client",
        "4.8.4",
        "MIT",
        {
            "dist/socket.io.esm.min.js": "socket.io.esm.min.js",
            "LICENSE": "LICENSE-socket.io-client.txt",
        },
    ),
)


def main() -> None:
    """Fetch every package again and rewrite the files in `display/look/`."""
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            _unpack(package, _fetch(package, Path(folder)))
    RECORD.write_text(json.dumps([_row(package) for package in PACKAGES], indent=2) + "\n")


def _fetch(package: Package, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.split()[-1]


def _unpack(package: Package, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        for inside, target in package.files.items():
            _write(LOOK / target, _member(tar, inside))
        icons = {name: _member(tar, f"icons/{name}.svg").decode() for name in package.icons}
    if icons:
        for name, svg in icons.items():
            _write(LOOK / "icons" / f"{name}.svg", svg.encode())
        _write(LOOK / "icons.svg", sprite(icons).encode())


def _member(tar: tarfile.TarFile, inside: str) -> bytes:
    opened = tar.extractfile(f"package/{inside}")
    if opened is None:
        raise FileNotFoundError(inside)
    return opened.read()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(re.sub(rb"\n//# sourceMappingURL=\S+\s*$", b"\n", content))


def sprite(icons: dict[str, str]) -> str:
    """All icons as the symbols of one SVG file, drawn in the colour of the text around them."""
    symbols = "\n".join(_symbol(name, svg) for name, svg in sorted(icons.items()))
    return (
        "<!-- Lucide icons, ISC licence, see icons/LICENSE-lucide.txt -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    )


def _symbol(name: str, svg: str) -> str:
    drawing = re.sub(r"\s+", " ", svg[svg.index(">", svg.index("<svg")) + 1 : svg.index("</svg>")]).strip()
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{drawing}</symbol>'
    )


def _row(package: Package) -> dict[str, str | list[str]]:
    files = [*package.files.values(), *(["icons.svg", "icons/*.svg"] if package.icons else [])]
    return {"name": package.name, "version": package.version, "licence": package.licence, "files": files}


if __name__ == "__main__":
    main()
