// Programs whose work is the network.

import type { Arg } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { parseOptions } from "./options.ts";
import { isInquiry, report, shape, type Table } from "./shape.ts";

const curlOptions = `-sSfLkvigGIjNOJqR#0246aZ -o> -O -d= -H= -X= -A= -b= -c> -D> -e= -F= -K< -m= -r= -T< -u= -U= -w= -x= -y= -Y= -z= -E< -C= -t= -Q= -P= -h?
  --silent --show-error --fail --fail-with-body --location --insecure --verbose --include --get --head --output> --data= --data-raw= --data-binary= --data-urlencode= --json=
  --header= --request= --user-agent= --cookie= --cookie-jar> --dump-header> --referer= --form= --config< --max-time= --connect-timeout= --retry= --retry-delay= --range= --upload-file<
  --user= --write-out= --proxy= --url= --compressed --http1.1 --http2 --remote-name --remote-name-all --create-dirs --output-dir> --progress-bar --no-progress-meter --resolve= --cacert< --cert< --key< --trace>
  --trace-ascii> --stderr> --next --parallel --globoff --ipv4 --ipv6 --netrc --netrc-file< --oauth2-bearer= --unix-socket= --abstract-unix-socket= --tlsv1.2 --proto= --ssl-reqd`;

const wgetOptions = `-qvcNrlkKpHLnSxbFd -O> -o> -a> -P> -i< -U= -t= -T= -w= -Q= -e= -A= -R= -D= -I= -X= -l= -nc -nv -nd -np -nH --quiet --verbose --continue --recursive --level= --output-document>
  --output-file> --append-output> --directory-prefix> --input-file< --user-agent= --header= --tries= --timeout= --no-check-certificate --method= --body-data= --body-file< --post-data= --post-file< --spider
  --server-response --no-verbose --no-clobber --no-parent --mirror --convert-links --page-requisites --user= --password= --max-redirect= --content-disposition --show-progress`;

export const network: Table = {
  "curl curlie": fetching(curlOptions),
  "wget wget2": fetching(wgetOptions),
  ssh: (call, act) => (isOnly(call, /^-V$/) ? act.onlyLooks() : remote(call, act)),
  "autossh mosh": remote,
  "sftp ftp telnet lftp tftp": remote,
  scp: copying,
  rsync: copying,
  "nc ncat netcat socat ping ping6 traceroute tracepath mtr dig nslookup host whois nmap arp-scan tcpdump iperf iperf3 aria2c http https xh youtube-dl yt-dlp ngrok rclone s3cmd":
    shape({ anyOption: true, operands: (parsed, act, call) => reach(parsed.operands, act, call) }),
  "ssh-keygen ssh-add ssh-agent ssh-copy-id gpg gpg2 openssl age pass security": (call, act) =>
    isInquiry(call.args) || isOnly(call, /^version$/) ? act.onlyLooks() : act.is("credential", `${call.name} works with keys`),
  "gh glab hub aws gcloud az kubectl helm terraform tofu pulumi heroku vercel netlify flyctl fly doctl firebase wrangler supabase": shape({
    anyOption: true,
    operands: (_parsed, act, call) => {
      if (isOnly(call, /^(version( --(client|short))?|-v|-version|--client --version)$/)) return act.onlyLooks();
      act.is("credential", `${call.name} acts with your account`);
      act.reaches(undefined);
    },
  }),
};

/** curl and wget: what goes out, and what files are written and sent. */
function fetching(options: string): Program {
  return (call, act) => {
    if (isInquiry(call.args)) return act.onlyLooks();
    const parsed = parseOptions(options, call.args);
    report(parsed, act, call);
    for (const { name, value } of parsed.options) {
      if (value && /^(-d|-F|--data.*|--form|--json)$/.test(name)) for (const sent of filesIn(value)) act.reads(sent);
      if (/^(-n|--netrc.*|-u|--user|--oauth2-bearer)$/.test(name)) act.is("credential", `${name} of ${call.name} sends credentials`);
    }
    const urls = [...parsed.operands, ...parsed.options.flatMap(({ name, value }) => (name === "--url" && value ? [value] : []))];
    for (const url of urls) {
      const local = /^file:\/\/[^/]*(\/.*)$/i.exec(url.text)?.[1];
      if (local) act.reads({ ...url, text: local });
    }
    reach(urls, act, call);
    const names = call.name.startsWith("wget")
      ? !parsed.options.some(({ name }) => /^(-O|--output-document|--spider)$/.test(name))
      : parsed.options.some(({ name }) => /^(-O|--remote-name.*)$/.test(name));
    if (names)
      for (const url of urls)
        act.writes({
          ...url,
          text:
            url.text
              .replace(/[?#].*$/, "")
              .split("/")
              .at(-1) || "index.html",
        });
  };
}

/** `-d @file`, `-F x=@file`. */
function filesIn(value: Arg): readonly Arg[] {
  const path = /^(?:[^=@]*=)?[@<]([^;]+)/.exec(value.text)?.[1];
  return path && path !== "-" ? [{ ...value, text: path }] : [];
}

function reach(targets: readonly Arg[], act: Act, call: Call): void {
  const hosts = targets.map(({ text }) => hostOf(text)).filter((host) => host !== undefined);
  if (hosts.length === 0) act.reaches(undefined);
  for (const host of hosts) act.reaches(host);
  void call;
}

/** The host in a URL, `user@host:path` or a bare name. */
function hostOf(text: string): string | undefined {
  return /^(?:[a-z][\w+.-]*:\/\/)?(?:[^@/\s]*@)?(\[[\da-f:]+\]|[\w.-]+)/i.exec(text)?.[1]?.toLowerCase();
}

function remote(call: Call, act: Act): void {
  act.is("credential", `${call.name} uses your keys`);
  const target = call.args.find(({ text }) => !text.startsWith("-"));
  act.reaches(target && hostOf(target.text));
  if (call.args.some(({ text }) => /^-o?.*(ProxyCommand|LocalCommand|PermitLocalCommand|-F|-E|-I)/i.test(text)))
    act.is("code", `an option of ${call.name} runs a program here`);
}

function copying(call: Call, act: Act): void {
  const paths = call.args.filter(({ text }) => !text.startsWith("-"));
  paths.forEach((path, index) => {
    const far = /^([^/:]+):/.exec(path.text)?.[1] ?? /^rsync:\/\/([^/]+)/.exec(path.text)?.[1];
    if (far) {
      act.reaches(hostOf(far));
      act.is("credential", `${call.name} uses your keys`);
    } else if (index === paths.length - 1 && paths.length > 1)
      act.writes(path, { deep: call.args.some(({ text }) => text.startsWith("--delete")) });
    else act.reads(path, { deep: true });
  });
  for (const { text } of call.args)
    if (/^(-e|--rsh|--rsync-path|-S|-o|-F|--files-from|--include-from|--exclude-from)/.test(text))
      act.is("obscure", `${text} of ${call.name} can run programs or name further files`);
}

/** Given exactly these words. */
const isOnly = ({ args }: Call, words: RegExp): boolean =>
  args.every(({ form }) => form === "literal") && words.test(args.map(({ text }) => text).join(" "));
