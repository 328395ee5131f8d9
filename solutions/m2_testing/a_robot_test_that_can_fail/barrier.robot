*** Settings ***
Documentation    The warden's desk over HTTP. It needs CAUSEWAY_URL and WARDEN_PASSWORD.
Library          RequestsLibrary
# A test case gets a session of its own, and none stands on what another one left.
Test Setup       Create Session    desk    %{CAUSEWAY_URL}
Test Teardown    Delete All Sessions


*** Test Cases ***
Warden Sees The Dashboard
    ${page} =    Log In    %{WARDEN_PASSWORD}
    # 200 says that there is a page. Which one, only its content says.
    Should Contain    ${page.text}    Dashboard

Wrong Password Stays Outside
    # The test of a lock is the wrong key.
    Log In    not-%{WARDEN_PASSWORD}    expected=401

Barrier Closes The Road
    Log In    %{WARDEN_PASSWORD}
    POST On Session    desk    /barrier    data=barrier=down
    # The desk said "down". Whether drivers know it, they are asked.
    Road Should Be    ${False}
    # Runs after a failure too; as the last line of the test it would not.
    [Teardown]    Raise The Barrier


*** Keywords ***
Log In
    [Documentation]    Send the form without a word in the log.
    [Arguments]    ${password}    ${expected}=200
    # VAR would log the form, and RequestsLibrary the body that it becomes.
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
