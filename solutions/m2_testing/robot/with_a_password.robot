*** Settings ***
Resource            chromium.resource
Suite Teardown      Close All Browsers


*** Test Cases ***
Verify Login
    Open Chromium    /login
    Input Text    username    warden
    Input Text    password    %{WARDEN_PASSWORD}
    Click Button    login
    Wait Until Page Contains    Dashboard
