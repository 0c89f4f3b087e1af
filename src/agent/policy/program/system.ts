// Programs that change the machine or act as somebody else.

import { literal } from "../shell/word.ts";
import type { Act, Call, Program } from "./act.ts";
import { parseOptions } from "./options.ts";
import { isInquiry, shape, type Table } from "./shape.ts";

const containers = shape({
  anyOption: true,
  operands: (parsed, act, call) => {
    if (call.args.every(({ form }) => form === "literal") && /^(-v|compose version)$/.test(call.args.map(({ text }) => text).join(" ")))
      return act.onlyLooks();
    act.is("system", `${call.name} acts through a service outside any sandbox`);
    if (/^(run|exec|build|compose|up|start)$/.test(parsed.operands[0]?.text ?? "")) act.is("code", `${call.name} runs code`);
  },
});

export const system: Table = {
  "mkfs mke2fs mkswap wipefs fdisk sfdisk cfdisk gdisk sgdisk parted partprobe cryptsetup mdadm lvremove vgremove pvremove zpool hdparm blkdiscard diskutil format":
    destroys("it works on disks"),
  "shutdown reboot halt poweroff init telinit killall5": destroys("it stops the machine"),
  "userdel groupdel deluser delgroup": destroys("it removes accounts"),
  "fsck e2fsck swapon swapoff losetup": changes("it works on disks"),
  mount: (call, act) => (call.args.length === 0 ? act.onlyLooks() : act.is("system", "it changes mounts")),
  "umount fusermount eject": changes("it changes mounts"),
  kill: kill,
  "killall pkill xkill skill": changes("it ends processes by name"),
  renice: changes("it changes other processes"),
  "at batch atrm": changes("it makes something run later"),
  crontab: (call, act) =>
    call.args.length === 1 && call.args[0]?.text === "-l" ? act.onlyLooks() : act.is("system", "it makes something run later"),
  systemctl,
  "service launchctl rc-service rc-update initctl sv s6-rc loginctl machinectl": changes("it works on services"),
  "journalctl dmesg": changes("it reads the logs of the machine"),
  "useradd usermod adduser addgroup groupadd groupmod passwd chpasswd chsh chfn gpasswd visudo": changes("it works on accounts"),
  "apt apt-get aptitude dpkg-reconfigure yum dnf zypper pacman apk emerge snap flatpak rpm nix nix-env nix-shell guix pkg choco winget scoop":
    packages,
  "iptables ip6tables nft ufw firewall-cmd route iw nmcli networksetup tc resolvectl hostnamectl timedatectl localectl": changes(
    "it works on the network or the settings of the machine",
  ),
  ip: (call, act) =>
    /^(-[46os] )*(a|addr|address|l|link|r|route|n|neigh|neighbour)( (show|list|ls))?$/.test(call.args.map(({ text }) => text).join(" "))
      ? act.onlyLooks()
      : act.is("system", "it works on the network"),
  ifconfig: (call, act) => (call.args.every(({ text }) => text === "-a") ? act.onlyLooks() : act.is("system", "it works on the network")),
  "sysctl modprobe insmod rmmod depmod setenforce update-alternatives update-grub grub-install ldconfig defaults scutil pmset nvram csrutil spctl":
    changes("it changes the system"),
  stty: (call, act) =>
    call.args.every(({ text, form }) => form === "literal" && /^(size|speed|-a|--all)$/.test(text))
      ? act.onlyLooks()
      : act.is("system", "it changes the terminal"),
  "hwclock ntpdate chronyc setterm chvt loadkeys": changes("it changes the machine"),
  "docker podman nerdctl docker-compose buildah skopeo lxc lxd lxc-attach vagrant virsh multipass limactl colima minikube kind k3d ctr crictl":
    containers,
  "chroot unshare nsenter setpriv capsh bwrap firejail systemd-run systemd-nspawn runcon": acts("it changes what a program may do"),
  "login newgrp sg": acts("it acts as somebody else"),
  "su runuser": (call, act) => {
    acts("it acts as somebody else")(call, act);
    const at = call.args.findIndex(({ text }) => /^(-c|--command)(=|$)/.test(text));
    const given = call.args[at]?.text.startsWith("--command=") ? literal(call.args[at].text.slice(10)) : call.args[at + 1];
    if (at >= 0 && given) act.interprets(given);
  },
  pkexec: (call, act) => {
    acts("it acts as somebody else")(call, act);
    const start = call.args.findIndex(({ text }) => !text.startsWith("-"));
    if (start >= 0) act.runs(call.args.slice(start), call.stdin);
  },
  "reg regedit sc net netsh taskkill schtasks wmic bcdedit diskpart icacls takeown vssadmin cipher": changes("it changes Windows"),
};

function destroys(note: string): Program {
  return (call, act) => (isInquiry(call.args) ? act.onlyLooks() : act.is("destructive", note));
}
function changes(note: string): Program {
  return (call, act) => (isInquiry(call.args) ? act.onlyLooks() : act.is("system", note));
}
function acts(note: string): Program {
  return (call, act) => (isInquiry(call.args) ? act.onlyLooks() : act.is("privilege", note));
}

/** -1 is every process there is. */
function kill(call: Call, act: Act): void {
  const words = call.args.map(({ text }) => text);
  if (words[0] === "-l" || words[0] === "-L" || words[0] === "--list") return act.onlyLooks();
  act.is("system", "it ends a process");
  const targets = words.filter((word, index) => index > 0 || !word.startsWith("-"));
  if ((targets.includes("-1") && words.length > 1) || targets.includes("1")) act.is("destructive", "it ends every process, or the first");
}

function systemctl(call: Call, act: Act): void {
  const parsed = parseOptions(
    "-laq -n= -t= --no-pager --all --full --plain --no-legend --user --system --quiet --type= --state= --lines=",
    call.args,
  );
  const looks = /^(status|show|cat|list-units|list-unit-files|list-timers|is-active|is-enabled|is-failed)$/.test(
    parsed.operands[0]?.text ?? "",
  );
  if ((looks && parsed.unknown.length === 0) || isInquiry(call.args)) return act.onlyLooks();
  act.is("system", "it works on services");
  if (parsed.operands.some(({ text }) => /^(poweroff|reboot|halt|kexec|soft-reboot)$/.test(text)))
    act.is("destructive", "it stops the machine");
}

function packages(call: Call, act: Act): void {
  const looks = /^(list|show|search|policy|info|--version|-V|-v|-Q[a-z]*|-q[a-z]*|query|depends|rdepends)$/;
  const parsed = parseOptions("-qaisl --installed --upgradable --all --names-only", call.args.slice(1));
  const [sub] = call.args;
  if (sub?.form === "literal" && looks.test(sub.text) && parsed.unknown.length === 0 && /^(apt|dpkg|pacman|rpm)$/.test(call.name))
    act.onlyLooks();
  else act.is("system", "it installs or removes software");
}
