*** Settings ***
Documentation       The warden's way to the Dashboard, in a real browser.
...                 It needs CAUSEWAY_URL and WARDEN_PASSWORD, as the server has it.
Library             SeleniumLibrary    timeout=5s

Suite Setup         Open Chromium
Suite Teardown      Close All Browsers
# Whoever was logged in by the last test is logged out.
Test Setup          Delete All Cookies


*** Variables ***
# Secret: neither a log nor a failure shows it.
${PASSWORD: Secret}     %{WARDEN_PASSWORD}
# Both programs by their path, so that nothing is looked for, and nothing downloaded.
${CHROMIUM}             %{CHROMIUM=/usr/bin/chromium}
${CHROMEDRIVER}         %{CHROMEDRIVER=/usr/bin/chromedriver}
# No screen; and Chromium's own sandbox does not start as root, nor in most containers.
${OPTIONS}              SEPARATOR=;
...                     binary_location="${CHROMIUM}"
...                     add_argument("--headless=new")
...                     add_argument("--no-sandbox")
...                     add_argument("--disable-dev-shm-usage")
...                     add_argument("--disable-gpu")
...                     add_argument("--disable-quic")
...                     add_argument("--no-first-run")
...                     add_argument("--disable-background-networking")
...                     add_argument("--disable-component-update")
...                     add_argument("--disable-sync")


*** Test Cases ***
Verify Login
    Log In    ${PASSWORD}
    # Waits up to the library's timeout, and no longer than it takes.
    Wait Until Page Contains    Dashboard

Wrong Password Stays Outside
    Log In    not the password
    Wait Until Page Contains    password is wrong
    # What counts is not the message but the door.
    Go To    %{CAUSEWAY_URL}/dashboard
    Wait Until Page Contains Element    password
    Page Should Not Contain    Dashboard


*** Keywords ***
Open Chromium
    Open Browser    browser=chrome    options=${OPTIONS}    service=executable_path="${CHROMEDRIVER}"

Log In
    [Arguments]    ${password}
    Go To    %{CAUSEWAY_URL}/login
    Wait Until Page Contains Element    username
    Input Text    username    warden
    Input Password    password    ${password}
    Click Button    login
