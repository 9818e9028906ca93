#!/bin/sh
# The browser tests want Chromium. Installed where that is allowed; a plain word where it is not.
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..."
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; then exit 0; fi
fi
echo "No Chromium here, and it could not be installed: the browser tests will be skipped. Install it with: sudo apt-get install chromium fonts-noto-cjk"
