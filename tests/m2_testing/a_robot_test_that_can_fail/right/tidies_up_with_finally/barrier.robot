*** Settings ***
Library             RequestsLibrary

Suite Setup         Create Session    warden    %{CAUSEWAY_URL}


*** Test Cases ***
Stranger Is Sent Away
    Create Session    stranger    %{CAUSEWAY_URL}
    VAR    &{form}    username=warden    password=hightide
    ${page} =    POST On Session    stranger    /login    data=${form}    expected_status=any
    Should Not Contain    ${page.text}    Dashboard
    Should Be Equal As Integers    ${page.status_code}    401

Warden Lowers The Barrier
    ${level} =    Set Log Level    NONE
    ${page} =    POST On Session    warden    /login    data=username=warden&password=%{WARDEN_PASSWORD}
    Set Log Level    ${level}
    Should Contain    ${page.text}    <h1>Dashboard</h1>
    TRY
        POST On Session    warden    /barrier    data=barrier=down
        ${answer} =    GET    %{CAUSEWAY_URL}/v1/crossing
        Should Be Equal    ${answer.json()}    ${{ {'open': False} }}
    FINALLY
        POST On Session    warden    /barrier    data=barrier=up
    END
