*** Settings ***
Library     RequestsLibrary


*** Test Cases ***
Verify Login
    ${page} =    Log In    %{WARDEN_PASSWORD}    expected=200
    Should Contain    ${page.text}    Dashboard

Wrong Password Stays Outside
    Log In    not the password    expected=401


*** Keywords ***
Log In
    [Arguments]    ${password}    ${expected}
    ${level} =    Set Log Level    NONE
    TRY
        VAR    &{form}    username=warden    password=${password}
        Create Session    desk    %{CAUSEWAY_URL}
        ${page} =    POST On Session    desk    /login    data=${form}    expected_status=${expected}
    FINALLY
        Set Log Level    ${level}
    END
    RETURN    ${page}
