-- SPDX-License-Identifier: Apache-2.0
-- build.lua installs the release's program, from a server on loopback, with an empty HOME and
-- without a compiler. Any problem is reported in one sentence, and the program is built instead.
local case = require("helpers.case")
local copies = require("helpers.plugin_copy")
local environment = require("helpers.environment")
local releases = require("helpers.release_copy")
local replies = require("helpers.replies")
local system = require("helpers.system")
local eq = MiniTest.expect.equality
local part = case.expect_part

local T = case.set()

local release = require("helpers.release")
local ASSET, host, install = releases.ASSET, releases.host, releases.install
local small_program, file_reply = releases.small_program, releases.file_reply
local CANNOT = "the program of release 0.1.0 cannot be installed: "

T["the release's program is installed and answers, without a compiler, within 5 s"] = function()
  local bytes = system.read(environment.program)
  local copy = releases.make(bytes)
  copy:without("cmake")
  case.standin:script({ file_reply(bytes), replies.answer("Installed.") })
  local start = vim.uv.hrtime()
  local ended = install(copy)
  eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
  part(ended.stderr, "chatvim: the program of release 0.1.0 is installed\n")
  eq(copy:programs(), { "prebuilt/chatvim" })
  local child = case.child({
    plugin = copy.root,
    options = { program = "" },
    env = { PATH = copy.base .. "/bin" },
  })
  child:chat("Are you there?")
  eq(child:complete().outcome, "done")
  local milliseconds = (vim.uv.hrtime() - start) / 1e6
  MiniTest.add_note(("installed and answered in %d ms"):format(milliseconds))
  part(child:text(), "Installed.")
  eq({ milliseconds, milliseconds < 5000 }, { milliseconds, true })
  child:command("silent checkhealth chatvim")
  part(child:text(), "it is the program of release 0.1.0, as downloaded")
end

T["the digest of the sources equals the one that the shell computes"] = function()
  local copy = copies.make()
  local script = [[
    export LC_ALL=C
    { printf '%s\n' CMakeLists.txt data/models.json
      find cmake -maxdepth 1 -type f; find include src -type f; } | sort | tr '\n' '\0' |
      xargs -0 sha256sum | sha256sum
  ]]
  local ended = vim.system({ "bash", "-c", script }, { cwd = copy.root, text = true }):wait()
  eq(copy:sources(), ended.stdout:match("^%x+"))
end

T["the digest of the sources is the same if files are links"] = function()
  local copy = copies.make()
  local before = copy:sources()
  local file = copy.root .. "/src/cli/main.cpp"
  assert(vim.uv.fs_rename(file, copy.base .. "/main.cpp"))
  assert(vim.uv.fs_symlink(copy.base .. "/main.cpp", file))
  eq(copy:sources(), before)
end

T["the digest is the same on a file system that does not report file types"] = function()
  local copy = copies.make()
  local before = copy:sources()
  local next_entry = vim.uv.fs_scandir_next
  local count = 0
  vim.uv.fs_scandir_next = function(...)
    local name = next_entry(...)
    count = count + 1
    return name, name and "unknown"
  end
  local ok, after = pcall(copy.sources, copy)
  vim.uv.fs_scandir_next = next_entry
  eq({ ok, after, count > 100 }, { true, before, true })
end

T["nothing is downloaded again if the program is the right one"] = function()
  local bytes = small_program()
  local copy = releases.make(bytes)
  case.standin:script({ file_reply(bytes) })
  eq(install(copy).code, 0)
  eq(#case.standin:requests(), 1)
  copy:without("curl")
  eq(install(copy).code, 0)
  eq({ #case.standin:requests(), copy:programs() }, { 1, { "prebuilt/chatvim" } })
end

T["a program in use keeps its file, and an older build is removed"] = function()
  local bytes = small_program()
  local copy = releases.make(bytes)
  for _, folder in ipairs({ "prebuilt", "release" }) do
    vim.fn.mkdir(copy.root .. "/build/" .. folder, "p")
    system.write(copy.root .. "/build/" .. folder .. "/chatvim", "old")
  end
  local used = assert(io.open(copy.root .. "/build/prebuilt/chatvim"))
  case.standin:script({ file_reply(bytes) })
  eq(install(copy).code, 0)
  eq(copy:programs(), { "prebuilt/chatvim" })
  eq({ used:read("*a"), system.read(copy.root .. "/build/prebuilt/chatvim") }, { "old", bytes })
  used:close()
end

T["~/.curlrc does not change the download"] = function()
  local bytes = small_program()
  local copy = releases.make(bytes)
  system.write(copy.base .. "/home/.curlrc", "proxy = http://127.0.0.1:1\noutput = elsewhere\n")
  case.standin:script({ file_reply(bytes) })
  local ended = install(copy)
  eq({ ended.stderr, copy:programs() }, { ended.stderr, { "prebuilt/chatvim" } })
end

T["temporary files of processes that have ended are removed after an hour"] = function()
  local bytes = small_program()
  local copy = releases.make(bytes)
  local gone = vim.system({ "true" })
  gone:wait()
  local folder = copy.root .. "/build/prebuilt/"
  vim.fn.mkdir(folder, "p")
  -- Process 1 exists, although we may not have permission to signal it.
  for _, pid in ipairs({ 1, vim.uv.os_getpid(), gone.pid }) do
    system.write(folder .. "chatvim.part-" .. pid, "")
    assert(vim.uv.fs_utime(folder .. "chatvim.part-" .. pid, os.time() - 7200, os.time() - 7200))
  end
  local young = vim.system({ "true" })
  young:wait()
  system.write(folder .. "chatvim.part-" .. young.pid, "")
  case.standin:script({ file_reply(bytes) })
  eq(install(copy).code, 0)
  local left = vim.tbl_map(vim.fs.basename, copy:programs())
  table.sort(left)
  local expected = { "chatvim" }
  for _, pid in ipairs({ 1, vim.uv.os_getpid(), young.pid }) do
    table.insert(expected, "chatvim.part-" .. pid)
  end
  table.sort(expected)
  eq(left, expected)
end

T["a build replaces a downloaded program"] = function()
  local bytes = small_program()
  local copy = releases.make(bytes)
  case.standin:script({ file_reply(bytes) })
  eq(install(copy).code, 0)
  eq(install(copy, { CHATVIM_BUILD = "source" }).code, 0)
  eq({ copy:programs(), #case.standin:requests() }, { { "release/chatvim" }, 1 })
end

for name, set in pairs({
  ["CHATVIM_BUILD"] = { env = { CHATVIM_BUILD = "source" } },
  ["CHATVIM_BUILD, with an empty vim.g.chatvim_build"] = {
    env = { CHATVIM_BUILD = "source" },
    command = "let g:chatvim_build = ''",
  },
  ["vim.g.chatvim_build"] = { command = "let g:chatvim_build = 'source'" },
}) do
  T['with the choice "source" nothing is downloaded: ' .. name] = function()
    local bytes = small_program()
    local copy = releases.make(bytes)
    case.standin:script({ file_reply(bytes) })
    local env = copy:env(vim.tbl_extend("force", { CHATVIM_RELEASE_URL = host() }, set.env or {}))
    local child = case.child({ env = env, commands = { set.command } })
    child:command("luafile " .. copy.root .. "/build.lua")
    eq({ copy:programs(), #case.standin:requests() }, { { "release/chatvim" }, 0 })
  end
end

--- The real curl with a time limit of one second, since the one that it is given is too long for a
--- test.
local SHORT_CURL = [=[
#!/bin/sh
for argument; do
  shift
  [ "$last" != --max-time ] || argument=1
  last=$argument
  set -- "$@" "$argument"
done
exec %s "$@"
]=]

--- A problem with the download: it is reported in one sentence, and the program is built.
---@class tests.BadRelease
---@field program? string the bytes that the list names
---@field served? string the bytes that come, if not these
---@field reply? fun(reply: table) changes the host's reply
---@field list? fun(lines: string[]) changes the list
---@field prepare? fun(copy: tests.PluginCopy)
---@field url? string
---@field reason string
---@field plain? boolean the reason is the whole sentence

---@type table<string, tests.BadRelease>
local BAD = {
  ["tampered with"] = {
    served = small_program():gsub("echo", "ECHO"),
    reason = "its SHA-256 is not the one in data/release.txt",
  },
  ["cut short"] = {
    reply = function(reply)
      local step = reply.steps[1]
      step.send_b64 = step.send_b64:sub(1, 16)
      reply.headers["Content-Length"] = tostring(#small_program())
      reply.framing = "close"
    end,
    reason = "transfer closed with",
  },
  ["not there"] = {
    reply = function(reply)
      reply.status = 404
    end,
    reason = "The requested URL returned error: 404",
  },
  ["without curl"] = {
    prepare = function(copy)
      copy:without("curl")
    end,
    reason = "curl is not installed",
  },
  ["no program for this system"] = {
    list = function(lines)
      table.remove(lines, 4)
    end,
    reason = "release 0.1.0 has no program for this system (" .. ASSET .. ")",
    plain = true,
  },
  ["without a network"] = {
    url = "http://127.0.0.1:1/v0.1.0",
    reason = "Failed to connect to 127.0.0.1 port 1",
  },
  ["too long"] = {
    served = small_program() .. ("#\n"):rep(100),
    reason = "it is longer than the " .. #small_program() .. " bytes in data/release.txt",
  },
  ["endless"] = {
    reply = function(reply)
      reply.framing = "chunked"
      reply.steps = { { send = ("x"):rep(65536), times = 1000000 } }
    end,
    reason = "it is longer than the " .. #small_program() .. " bytes in data/release.txt",
  },
  ["slow without end"] = {
    list = function(lines)
      lines[4] = lines[4]:gsub("  %d+  ", "  60000000  ")
    end,
    reply = function(reply)
      reply.framing = "chunked"
      reply.steps = { { send = ("x"):rep(2000), times = 1000000, gap_ms = 5 } }
    end,
    prepare = function(copy)
      copy:script("curl", SHORT_CURL:format(vim.fn.exepath("curl")))
    end,
    reason = "Operation timed out after 1",
  },
  ["a file in place of the folder"] = {
    prepare = function(copy)
      vim.fn.mkdir(copy.root .. "/build")
      system.write(copy.root .. "/build/prebuilt", "")
    end,
    reason = "ENOTDIR: not a directory: ",
  },
  ["too short"] = {
    served = small_program():sub(1, 10),
    reason = "it has 10 bytes in place of " .. #small_program(),
  },
  ["for another C library"] = {
    program = "#!/lib/no-such-loader.so.1\n",
    reason = "it does not run on this system: ",
  },
  ["for a newer C library"] = {
    program = "#!/bin/sh\necho \"chatvim: version 'GLIBC_9.9' not found\" >&2\nexit 1\n",
    reason = "it does not run on this system: chatvim: version 'GLIBC_9.9' not found",
  },
  ["another version"] = {
    program = small_program("9.9.9"),
    reason = "it is not version 0.1.0",
  },
  ["other sources"] = {
    prepare = function(copy)
      local file = assert(io.open(copy.root .. "/src/main.cpp", "a"))
      file:write("// changed\n")
      file:close()
    end,
    reason = "these sources are not those of release 0.1.0",
    plain = true,
  },
  ["a list that cannot be read"] = {
    list = function(lines)
      lines[3] = "sources 1234"
    end,
    reason = "line 3 of data/release.txt cannot be read",
    plain = true,
  },
  ["a list without a version"] = {
    list = function(lines)
      table.remove(lines, 2)
    end,
    reason = "data/release.txt names no version or no sources",
    plain = true,
  },
  ["no list"] = {
    prepare = function(copy)
      assert(os.remove(copy.root .. "/data/release.txt"))
    end,
    reason = "this version has no released program",
    plain = true,
  },
}
for name, url in pairs({
  ["http to another machine"] = "http://example.invalid",
  ["http to a machine with a name like ours"] = "http://127.0.0.1.example.invalid",
  ["http with a user like our address"] = "http://127.0.0.1@example.invalid",
  ["http with a user and a port"] = "http://localhost:80@example.invalid",
  ["http to a private address"] = "http://10.1.2.3",
  ["another scheme"] = "file:///tmp",
}) do
  BAD[name] = { url = url, reason = "CHATVIM_RELEASE_URL must begin with https://" }
end

---@param entry tests.BadRelease
---@return tests.PluginCopy copy
---@return table<string, string> env
local function prepare(entry)
  local program = entry.program or small_program()
  local copy = releases.make(program, entry.list)
  local reply = file_reply(entry.served or program)
  if entry.reply then
    entry.reply(reply)
  end
  case.standin:script({ reply })
  if entry.prepare then
    entry.prepare(copy)
  end
  return copy, { CHATVIM_RELEASE_URL = entry.url or host() }
end

for name, entry in pairs(BAD) do
  local sentence = entry.reason
  if not entry.plain then
    sentence = CANNOT .. sentence
  end

  T["one sentence, then a build: " .. name] = function()
    local copy, env = prepare(entry)
    local ended = install(copy, env)
    eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
    part(ended.stderr, "chatvim: " .. sentence)
    local _, count = ended.stderr:gsub("; building it instead\n", "")
    eq({ ended.stderr, count }, { ended.stderr, 1 })
    eq(copy:programs(), { "release/chatvim" })
  end
end

T['with "prebuilt" the sentence is the error, and nothing is built'] = function()
  local copy, env = prepare(BAD["tampered with"])
  env.CHATVIM_BUILD = "prebuilt"
  local ended = install(copy, env)
  eq(ended.code, 1)
  eq(ended.stderr:match("[^\n]*\n$"), "chatvim: " .. CANNOT .. BAD["tampered with"].reason .. "\n")
  eq({ copy:programs(), copy:calls() }, { {}, "" })
end

T["if the build fails too, the error has both reasons"] = function()
  local copy, env = prepare(BAD["not there"])
  env.FAKE = "library"
  local ended = install(copy, env)
  eq(ended.code, 1)
  part(ended.stderr, "chatvim: install ")
  part(ended.stderr, "CMake found no tl-expected\n")
  part(ended.stderr, "It had to be built because " .. CANNOT .. BAD["not there"].reason .. "\n")
  eq(copy:programs(), {})
end

T["the program's name fits the system"] = function()
  local function asset(sysname, machine)
    return release.asset({ sysname = sysname, machine = machine })
  end
  eq(asset("Linux", "x86_64"), "chatvim-linux-x86_64")
  eq(asset("Linux", "aarch64"), "chatvim-linux-aarch64")
  eq(asset("Darwin", "arm64"), "chatvim-macos-arm64")
  eq(asset("Darwin", "x86_64"), "chatvim-macos-x86_64")
  eq(asset("FreeBSD", "amd64"), "chatvim-freebsd-amd64")
end

return T
