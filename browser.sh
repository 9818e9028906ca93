#!/bin/sh
# The browser tests want Chromium. Installed where that is allowed; a plain word where it is not.
answers() { # Ubuntu's chromium-browser is a script that only asks for the snap: what counts is a version
    for name in chromium chromium-browser google-chrome; do "$name" --version >/dev/null 2>&1 && return 0; done
    return 1
}
answers && exit 0
if [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests ..."
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        command -v snap >/dev/null 2>&1 && snap install chromium >/dev/null 2>&1
    elif command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
    fi
    answers && exit 0
fi
echo "No Chromium here, and it could not be installed: the browser tests will be skipped."
echo "Install it with: sudo apt-get install chromium fonts-noto-cjk   (on Ubuntu: sudo snap install chromium)"
