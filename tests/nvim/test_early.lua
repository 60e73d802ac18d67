-- SPDX-License-Identifier: Apache-2.0
-- The program starts at the first insert or change in a markdown buffer, and is silent until it is
-- used.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local standins = require("helpers.standin")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local function wait_running(child)
  return wait.until_true("the program", function()
    return child:program_pid()
  end)
end

--- Waits until the program has said hello and handled everything sent so far.
local function wait_ready(child)
  wait_running(child)
  wait.until_true("the program's hello", function()
    return child:lua("return require('chatvim.program.process').info().ready")
  end)
  child:lua([[
    for _, channel in ipairs(vim.api.nvim_list_chans()) do
      if channel.stream == "job" and (channel.argv or {})[2] == "serve" then
        vim.rpcrequest(channel.id, "sync")
      end
    end
  ]])
end

--- Starts a child whose program is a shell script.
local function child_with_script(script)
  local path = vim.fn.tempname()
  files.write(path, "#!/bin/sh\n" .. script .. "\n")
  assert(vim.uv.fs_chmod(path, 493))
  return case.child({ options = { program = path } })
end

T["the first insert in a markdown file starts the program, which connects to nobody"] = function()
  -- With TLS, since for an open chat a TLS connection is made early.
  local tls = standins.start({ tls = true })
  local config = '+++\nmodel = "m1"\n[providers.standin]\nbase_url = "https://localhost:%d/v1"\n'
    .. 'models = ["m1"]\nca_file = "%s"\n+++\n'
  local child = case.child({ config = config:format(tls.port, tls.ca_file) })
  child:command("edit new.md")
  child:sync()
  eq(child:program_pid(), nil)
  child:type("i")
  wait_ready(child)
  child:type("Hello")
  eq(vim.trim(child:messages()), "")
  eq(#tls:records().connections, 0)
  -- The modules for an answer are loaded one by one.
  wait.until_true("the last module", function()
    return child:lua("return package.loaded['chatvim.lsp.client'] ~= nil")
  end)
  local pid = child:program_pid()
  tls:script({ replies.answer("A") })
  child:type("<Esc>")
  wait.until_true("the question", function()
    return child:text() == "Hello" and child:api("nvim_get_mode").mode == "n"
  end)
  eq(child:complete().outcome, "done")
  eq(child:program_pid(), pid)
  tls:stop()
end

T["so does the first change of another kind, once a key is pressed after it"] = function()
  local child = case.child()
  child:chat("# Notes", "notes.md")
  child:sync()
  child:feed("dd")
  child:sync()
  eq(child:program_pid(), nil)
  child:feed("u")
  wait_running(child)
end

T["a template or formatter that changes a file does not start it"] = function()
  local child = case.child()
  child:command("autocmd BufWinEnter *.md call setline(1, '# title')")
  child:lua([[
    vim.api.nvim_create_autocmd("BufReadPost", { callback = function(event)
      vim.schedule(function() vim.api.nvim_buf_set_lines(event.buf, -1, -1, true, { "end" }) end)
    end })
  ]])
  child:chat("# Notes", "notes.md")
  child:command("new | setlocal filetype=markdown | setlocal buftype=nofile")
  child:command("call setline(1, 'x')")
  child:feed("ix<Esc>j")
  child:sync()
  eq(child:program_pid(), nil)
end

T["a watched buffer has one autocommand, and none once it has been used"] = function()
  local child = case.child()
  child:chat("# Notes", "notes.md")
  local function count()
    return child:lua("return #vim.api.nvim_get_autocmds({ group = 'chatvim.early' })")
  end
  child:command("doautocmd FileType markdown")
  child:command("doautocmd FileType markdown")
  eq(count(), 1)
  child:feed("ix<Esc>")
  wait_running(child)
  eq(count(), 0)
  child:command("bwipeout!")
  child:chat("# Notes", "other.md")
  eq(count(), 1)
  child:command("bwipeout!")
  eq(count(), 0)
end

T["a reload is not a change, and no other buffer starts it"] = function()
  local child = case.child()
  child:chat("# Notes", "notes.md")
  child:command("edit!")
  child:command("new | setlocal buftype=nofile filetype=markdown | call setline(1, 'x')")
  child:command("new | call setline(1, 'x')")
  child:feed("ix<Esc>")
  child:sync()
  eq(child:program_pid(), nil)
  child:command("buffer notes.md")
  child:feed("ix<Esc>")
  wait_running(child)
end

T["a missing program is reported if a command needs it, not while a file is edited"] = function()
  local child = case.child({ options = { program = "/no/such/program" } })
  child:chat("# Notes", "notes.md")
  child:feed("omore<Esc>")
  child:sync()
  eq(vim.trim(child:messages()), "")
  eq(child:complete().outcome, "error")
  case.expect_part(child:messages(), "/no/such/program")
end

T["a broken program is too, and is not started again and again"] = function()
  local starts = vim.fn.tempname()
  local child = child_with_script(("echo start >>%s; echo broken >&2; exit 1"):format(starts))
  child:chat("# Notes", "notes.md")
  child:feed("omore<Esc>")
  wait.until_true("the program's end", function()
    return vim.uv.fs_stat(starts)
      and child:lua("return require('chatvim.program.process').info() == nil")
  end)
  child:command("edit! other.md")
  child:feed("omore<Esc>")
  child:sync()
  eq(vim.trim(child:messages()), "")
  eq(vim.fn.readfile(starts), { "start" })
  eq(child:complete().outcome, "error")
  case.expect_part(child:messages(), "broken")
end

T["a program of another version is reported when a command needs it"] = function()
  local function receive(...)
    local chunk = 'require("chatvim.program.process").receive(...)'
    return vim.mpack.encode({ 2, "nvim_exec_lua", { chunk, { ... } } })
  end
  local said = vim.fn.tempname()
  files.write(
    said,
    receive("hello", { protocol = 99, version = "9.9.9" })
      .. receive("failed", { code = "incompatible", level = "error", message = "no" })
  )
  local child = child_with_script(("cat %s; exec sleep 20"):format(said))
  child:chat("# Notes", "notes.md")
  child:feed("omore<Esc>")
  wait.until_true("the end of the other program", function()
    return child:lua("return package.loaded['chatvim.program.process'] ~= nil")
      and not child:program_pid()
  end)
  child:sync()
  eq(vim.trim(child:messages()), "")
  eq(child:complete().outcome, "error")
  case.expect_part(child:messages(), "99")
end

T["messages are sent without waiting for the program's hello"] = function()
  local received = vim.fn.tempname()
  local child = child_with_script(("exec cat >%s"):format(received))
  child:chat("Q")
  child:command("ChatvimComplete")
  wait.until_true("the question", function()
    local file = io.open(received, "rb")
    local text = file and file:read("*a") or ""
    if file then
      file:close()
    end
    return text:find("hello", 1, true) and text:find("complete", 1, true)
  end)
  child:lua("require('chatvim.program.process').hello_limit = 1")
end

return T
