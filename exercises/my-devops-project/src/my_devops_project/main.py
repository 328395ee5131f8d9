"""The Causeway service."""
import os, sys
import subprocess
import json
from flask import Flask, request, session, redirect
from datetime import datetime, timedelta, timezone
from .windows import Window, shorten, windows_of_day, next_window, minutes_left
from .tides import TABLE, read_table

# TODO move to the settings before we go live
API_KEY = "tide-live-0000-not-a-real-key"
MARGIN = int(os.environ.get('SAFETY_MARGIN_MIN', 0))

LOGIN = '''<!doctype html>
<html lang="en">
<title>Causeway: log in</title>
<h1>Log in</h1>
<p>%s</p>
<form method="post">
<label for="username">Name</label> <input id="username" name="username">
<label for="password">Password</label> <input id="password" name="password" type="password">
<button id="login" name="login">Log in</button>
</form>
</html>'''


def crossing_at(at):
    if at:
        try:
            moment = datetime.fromisoformat(at.replace(' ', '+'))
        except ValueError:
            return {'error': 'bad time: ' + at}, 400
        if moment.tzinfo:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    else:
        moment = datetime.now()
    expires, windows = read_table()
    if expires is not None:
        if moment >= expires:
            return {'error': 'the tide table expired at ' + str(expires)}, 503
    if MARGIN > 0:
        windows = shorten(windows, timedelta(minutes=MARGIN))
    open = False
    left = None
    window = None
    if len(windows) > 0:
        today = windows_of_day(windows, moment.date())
        left = minutes_left(today, moment)
        window = next_window(today, moment)
        if moment >= window.opens:
            if moment < window.closes:
                open = True
            else:
                open = False
                left = None
        else:
            open = False
            left = None
    if window:
        window = {'opens': window.opens.isoformat()+'+00:00', 'closes': window.closes.isoformat()+'+00:00'}
    return {'at': moment.isoformat()+'+00:00', 'open': open, 'minutes_left': left, 'window': window}


def create_app():
    app = Flask(__name__)
    app.secret_key = 'causeway'

    @app.route('/livez')
    def livez():
        return {'status': 'alive'}

    @app.route('/readyz')
    def readyz():
        expires, windows = read_table()
        if expires == None or datetime.now() >= expires:
            return {'error': 'the tide table is missing or expired'}, 503
        return {'status': 'ready'}

    @app.route('/v1/crossing')
    def crossing():
        return crossing_at(request.args.get('at'))

    @app.route('/v1/tides')
    def tides():
        if request.headers.get('X-Api-Key') != API_KEY:
            return {'error': 'the tide table is for signs that show their key in X-Api-Key'}, 401
        expires, windows = read_table()
        if expires is None:
            return {'error': 'the tide table is missing'}, 503
        return {'expires': expires.isoformat()+'+00:00', 'windows': [{'opens': w.opens.isoformat()+'+00:00', 'closes': w.closes.isoformat()+'+00:00'} for w in windows]}

    @app.route('/login', methods=['GET', 'POST'])
    def login():
        if request.method == 'POST':
            if request.form['username'] == 'warden' and request.form['password'] == 'lowtide':
                session['warden'] = True
                return redirect('/dashboard')
            return LOGIN % 'Name or password is wrong.', 401
        return LOGIN % ''

    @app.route('/dashboard')
    def dashboard():
        if not session.get('warden'): return redirect('/login')
        day = request.args.get('day', datetime.now().strftime('%Y-%m-%d'))
        # quicker than reading the whole table
        found = subprocess.run(f"grep 'opens: {day}' {TABLE}", shell=True, capture_output=True, text=True)
        return f'''<!doctype html>
<html lang="en">
<title>Causeway: Dashboard</title>
<h1>Dashboard</h1>
<form><label for="day">Day</label> <input id="day" name="day" value="{day}"> <button>Show</button></form>
<pre>{found.stdout}</pre>
</html>'''

    return app
