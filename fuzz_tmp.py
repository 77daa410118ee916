import subprocess,sys,tempfile,time
from pathlib import Path
from tests.service.web.serving import *
if __name__=="__main__":
    with tempfile.TemporaryDirectory() as d, archive(Path(d)) as a, listening(create_app(a.store, settings())) as url:
        t=time.time()
        cmd=["/tmp/exp/s5/venv-web/bin/schemathesis","--config-file",str(Path("tests/service/web/schemathesis.toml").absolute()),"run",url+"/api/v1/openapi.json","-H",f"Authorization: Bearer {a.tokens['admin']}","-H","X-Forwarded-For: 192.0.2.1",*sys.argv[1:]]
        print(subprocess.run(cmd,cwd=d).returncode, time.time()-t)
