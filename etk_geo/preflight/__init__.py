"""Whether this computer can present now: files, fonts, browser, scenes, data, disk."""
