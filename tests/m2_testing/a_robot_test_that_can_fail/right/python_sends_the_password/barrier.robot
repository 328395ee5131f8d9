*** Settings ***
Documentation       The password never becomes an argument of a keyword: Python takes it from the environment.
Library             RequestsLibrary

Suite Setup         Open The Desk
Suite Teardown      Run Keywords
...                     POST    ${URL}/barrier    data=barrier=up    cookies=${cookies}
...                     AND    Road Should Be Open


*** Variables ***
${URL}      %{CAUSEWAY_URL}


*** Test Cases ***
Dashboard Is There
    ${page} =    GET    ${URL}/dashboard    cookies=${cookies}
    Should Match Regexp    ${page.text}    <h1>\\s*Dashboard

Nobody Else Comes In
    FOR    ${password}    IN    lowtide    ${EMPTY}    Warden
        VAR    &{form}    username=warden    password=${password}
        Run Keyword And Expect Error    HTTPError: 401*    POST    ${URL}/login    data=${form}
    END

Lowered Barrier Closes The Road
    POST    ${URL}/barrier    data=barrier=down    cookies=${cookies}
    ${road} =    GET    ${URL}/v1/crossing
    Should Not Be True    ${road.json()['open']}


*** Keywords ***
Open The Desk
    ${session} =    Evaluate    requests.Session()    modules=requests
    Evaluate
    ...    $session.post($URL + '/login', {'username': 'warden', 'password': os.environ['WARDEN_PASSWORD']})
    VAR    ${cookies}    ${session.cookies}    scope=SUITE

Road Should Be Open
    ${road} =    GET    ${URL}/v1/crossing
    Should Be True    ${road.json()['open']}
