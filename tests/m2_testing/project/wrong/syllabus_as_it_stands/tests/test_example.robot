*** Settings ***
Library  SeleniumLibrary

*** Test Cases ***
Verify Login
    Open Browser  %{CAUSEWAY_URL}/login  chrome
    Input Text  username  warden
    Input Password  password  lowtide
    Click Button  login
    Page Should Contain  Dashboard
