# -*- coding: utf-8 -*-
"""鄂托克旗规划一张图：python run.py 安装并启动，python run.py --help 看全部用法。

Set-up and start of the plan map; the work is done in launcher/. This file is kept readable for
every Python, down to 2.7, so that an old one can say what is wrong instead of a syntax error.
"""

import sys

if sys.version_info < (3, 11):
    _FOUND = "%d.%d" % sys.version_info[:2]
    _ZH = (
        "这个程序需要 Python 3.11 或更新版本，现在用的是 %s。"
        "请从 python.org 安装新版 Python，再用新版运行本文件"
        "（Windows：py -3 run.py；Linux/macOS：python3.12 run.py）。\n"
    )
    _EN = (
        "This program needs Python 3.11 or newer; this is Python %s. Install a current Python "
        "from python.org and run this file with it (Windows: py -3 run.py; "
        "Linux/macOS: python3.12 run.py).\n"
    )
    try:
        sys.stderr.write(_ZH % _FOUND)
    except UnicodeError:
        pass  # an old console without Chinese: the English sentence follows
    sys.stderr.write(_EN % _FOUND)
    sys.exit(2)

from launcher.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
