*** Settings ***
Library    RequestsLibrary

*** Variables ***
${BASE}    http://127.0.0.1:8000

*** Test Cases ***
A Driver Is Told That The Road Is Closed
    Run Keyword And Ignore Error    The Road Is Closed At    2026-05-01T14:00:00Z

*** Keywords ***
The Road Is Closed At
    [Arguments]    ${moment}
    ${answer}=    GET    ${BASE}/v1/crossing    params=at=${moment}
    Should Be Equal    ${answer.json()}[open]    ${False}
