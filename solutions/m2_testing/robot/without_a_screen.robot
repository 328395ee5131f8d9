*** Settings ***
Resource            chromium.resource
Suite Teardown      Close All Browsers


*** Test Cases ***
Verify Login
    Open Chromium    /login
    Input Text    username    admin
    Input Password    password    secret
    Click Button    login
    Page Should Contain    Dashboard
