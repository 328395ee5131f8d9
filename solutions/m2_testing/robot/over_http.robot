*** Settings ***
Library     RequestsLibrary


*** Test Cases ***
Verify Login
    VAR    &{form}    username=warden    password=%{WARDEN_PASSWORD}
    ${page} =    POST    %{CAUSEWAY_URL}/login    data=${form}
    Should Contain    ${page.text}    Dashboard
