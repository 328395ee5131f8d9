*** Settings ***
Resource            chromium.resource
Suite Setup         Open Chromium    /login
Suite Teardown      Close All Browsers


*** Test Cases ***
Warden Logs In
    Input Text    username    warden
    Input Password    password    %{WARDEN_PASSWORD}
    Click Button    login
    Wait Until Page Contains    Dashboard

Stranger Sees The Form
    Go To    %{CAUSEWAY_URL}/dashboard
    Wait Until Page Contains    Log in
