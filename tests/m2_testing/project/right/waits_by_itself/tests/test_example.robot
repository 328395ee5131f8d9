*** Settings ***
Library             SeleniumLibrary    implicit_wait=5s

Test Setup          Open The Login Form
Test Teardown       Close Browser


*** Test Cases ***
The Warden Comes In
    Fill In The Form    warden    %{WARDEN_PASSWORD}
    Element Text Should Be    xpath://h1[not(.='Log in')]    Dashboard

Somebody Else Does Not
    Fill In The Form    warden    lowtide
    Get WebElement    css:[role=alert]
    Element Text Should Be    css:h1    Log in


*** Keywords ***
Open The Login Form
    ${options} =    Evaluate    selenium.webdriver.ChromeOptions()    modules=selenium.webdriver
    VAR    ${options.binary_location}    /usr/bin/chromium
    FOR    ${flag}    IN    headless=new    no-sandbox    disable-gpu    disable-dev-shm-usage    no-first-run
        Call Method    ${options}    add_argument    --${flag}
    END
    Open Browser    %{CAUSEWAY_URL}/login    chrome    options=${options}
    ...    service=executable_path="/usr/bin/chromedriver"

Fill In The Form
    [Arguments]    ${name}    ${password}
    ${level} =    Set Log Level    NONE
    Input Text    username    ${name}
    Input Password    password    ${password}
    Click Button    login
    Set Log Level    ${level}
