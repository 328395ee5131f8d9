*** Settings ***
Library  SeleniumLibrary

*** Test Cases ***
Verify Login
    Open Browser  https://example.com  chrome
    Input Text  username  admin
    Input Password  password  secret
    Click Button  login
    Page Should Contain  Dashboard
