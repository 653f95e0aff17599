"""Why an installation failed, told from what pip, npm or the operating system said."""

from __future__ import annotations

import errno
from typing import NamedTuple

from launcher.console import LaunchError


class Sentences(NamedTuple):
    """What is wrong and the way on, in Chinese and English."""

    zh: str
    en: str


_LOG_ZH = "详细记录在 .etk/setup.log。"
_LOG_EN = "The details are in .etk/setup.log."

DISK_FULL = Sentences(
    f"磁盘空间不够（安装约需 1.5 GB）。请腾出空间后再运行一次，会自动重做。{_LOG_ZH}",
    "The disk is full (the set-up needs about 1.5 GB). Free some space and run this again; it "
    f"starts over by itself. {_LOG_EN}",
)
NO_PERMISSION = Sentences(
    "没有权限在这个文件夹里写文件。请把整个文件夹复制到自己有写权限的位置（例如“文档”），"
    f"关闭正在使用它的程序，再运行一次。{_LOG_ZH}",
    "This folder may not be written to. Copy the whole folder to a place that is yours (such as "
    f"Documents), close programs that use it, and run this again. {_LOG_EN}",
)
NO_NETWORK = Sentences(
    "连不上软件源，第一次安装需要网络。请接通网络（或按单位要求为 pip 和 npm 设好代理、镜像）后"
    "再运行一次；也可在一台能上网、系统和 Python 版本相同的电脑上运行 "
    "python run.py download 离线包，把“离线包”文件夹拷过来，再运行 "
    f"python run.py --wheels 离线包。{_LOG_ZH}",
    "The package index cannot be reached, and the first set-up needs a network. Connect it (or set "
    "your organisation's proxy or mirror for pip and npm) and run this again; or, on a connected "
    "computer with the same system and Python version, run `python run.py download bundle`, copy "
    f"that folder here and run `python run.py --wheels bundle`. {_LOG_EN}",
)
TAMPERED = Sentences(
    "下载到的文件与登记的校验值不符，没有安装。请再运行一次；如果仍然这样，说明所用的镜像内容有误，"
    f"请换一个软件源。{_LOG_ZH}",
    "A downloaded file does not match its recorded checksum and was not installed. Run this again; "
    f"if it stays so, the mirror in use holds wrong content: use another one. {_LOG_EN}",
)
NO_WHEEL = Sentences(
    "有组件没有适合这个系统或这个 Python 版本的安装包。"
    f"请改用 64 位的 Python 3.11 至 3.14 再运行一次。{_LOG_ZH}",
    "A package has no build for this system or this Python version. Run this again with a 64-bit "
    f"Python 3.11 to 3.14. {_LOG_EN}",
)
WHEELS_INCOMPLETE = Sentences(
    "离线包里缺少需要的组件，或者是在另一种系统或 Python 版本上做的。"
    "请在系统和 Python 版本相同的联网电脑上重新运行 "
    f"python run.py download 离线包，再拷过来。{_LOG_ZH}",
    "The offline folder lacks a package, or was made on another system or Python version. Make it "
    "again with `python run.py download bundle` on a connected computer with the same system and "
    f"Python version, and copy it here. {_LOG_EN}",
)
NO_VENV = Sentences(
    "这个 Python 不能建立独立环境（缺少 venv 或 pip）。"
    "Debian/Ubuntu 请先安装系统软件包 python3-venv，"
    f"其他系统请从 python.org 重新安装 Python，再运行一次。{_LOG_ZH}",
    "This Python cannot make a virtual environment (venv or pip is missing). On Debian or Ubuntu "
    "install the system package python3-venv, elsewhere install Python again from python.org, and "
    f"run this again. {_LOG_EN}",
)
UNKNOWN = Sentences(
    "安装没有成功。请再运行一次；如果仍然失败，请把 .etk/setup.log 的最后几行发给维护人员。",
    "The set-up failed. Run this again; if it keeps failing, send the last lines of "
    ".etk/setup.log to the maintainers.",
)

# In this order: a full disk also breaks connections, and a dead network also finds no package.
_SIGNS: tuple[tuple[Sentences, tuple[str, ...]], ...] = (
    (DISK_FULL, ("no space left", "errno 28", "enospc", "disk quota", "winerror 112")),
    (
        NO_PERMISSION,
        ("permission denied", "errno 13", "eacces", "eperm", "winerror 5]", "read-only file"),
    ),
    (TAMPERED, ("do not match the hashes", "eintegrity")),
    (NO_VENV, ("ensurepip is not available", "no module named ensurepip", "no module named venv")),
    (
        NO_NETWORK,
        (
            "connection broken",
            "connectionerror",
            "connecttimeout",
            "max retries exceeded",
            "name resolution",
            "getaddrinfo",
            "network is unreachable",
            "read timed out",
            "proxyerror",
            "sslerror",
            "enotfound",
            "econnrefused",
            "econnreset",
            "etimedout",
            "eai_again",
            "enotcached",
        ),
    ),
    (NO_WHEEL, ("no matching distribution", "could not find a version", "from versions: none")),
)


def explain(output: str, *, offline: bool = False) -> LaunchError:
    """Return why a program failed, from what it said.

    Parameters
    ----------
    output
        Everything that the program printed.
    offline
        Whether it was told to install from a folder: a missing package then means that the folder
        is incomplete.
    """
    text = output.lower()
    for found, signs in _SIGNS:
        if any(sign in text for sign in signs):
            incomplete = offline and found in (NO_WHEEL, NO_NETWORK)
            return LaunchError(*(WHEELS_INCOMPLETE if incomplete else found))
    return LaunchError(*UNKNOWN)


def explain_os(error: OSError) -> LaunchError:
    """Return why the launcher itself could not write a file."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LaunchError(*DISK_FULL)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LaunchError(*NO_PERMISSION)
    named = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return LaunchError(
        f"文件操作失败：{named}。请检查这个文件后再运行一次。",
        f"A file operation failed: {named}. Check that file and run this again.",
    )
