-- SPDX-License-Identifier: Apache-2.0
-- Helix ($CHATVIM_HELIX, with its runtime files in $HELIX_RUNTIME), in a terminal of this Neovim.
package.path = vim.env.CHATVIM_ROOT .. "/tests/clients/?.lua;" .. package.path
local case = require("helpers.case")
local start = require("start")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local helix = vim.env.CHATVIM_HELIX
if not helix or helix == "" then
  print("skipped: CHATVIM_HELIX is not set")
  T["skipped: no Helix"] = function() end
  return T
end

local LANGUAGES = [==[
[language-server.chatvim]
command = %s
args = %s

[[language]]
name = "markdown"
language-servers = ["chatvim"]
]==]

--- Starts Helix on a chat with this text.
local function open(text, name)
  local home = vim.uv.fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ":h")) .. "/helix"
  vim.fn.delete(home, "rf")
  for _, folder in ipairs({ "/.config/chatvim", "/.config/helix", "/work" }) do
    vim.fn.mkdir(home .. folder, "p")
  end
  system.write(home .. "/.config/chatvim/config.md", case.config())
  local version = vim.fn.system({ helix, "--version" }):match("[%d.]+")
  local command = start.command(name, ("Helix %s"):format(version), home)
  local arguments = vim.json.encode(vim.list_slice(command, 2)):gsub("\\/", "/")
  system.write(
    home .. "/.config/helix/languages.toml",
    LANGUAGES:format(vim.json.encode(command[1]):gsub("\\/", "/"), arguments)
  )
  system.write(home .. "/work/chat.md", text)
  system.write(home .. "/work/notes.txt", "first line\n")
  vim.cmd("enew")
  local env = { HOME = home, TERM = "xterm-256color", PATH = vim.env.PATH, LANG = "C.UTF-8" }
  env.HELIX_RUNTIME = vim.env.HELIX_RUNTIME
  local options = { cwd = home .. "/work", env = env, clear_env = true, term = true }
  local run = vim.fn.has("nvim-0.11") == 1 and vim.fn.jobstart or vim.fn.termopen
  options.term = vim.fn.has("nvim-0.11") == 1 or nil
  return {
    home = home,
    buf = vim.api.nvim_get_current_buf(),
    job = run({ helix, "chat.md" }, options),
  }
end

local function screen(editor)
  return table.concat(vim.api.nvim_buf_get_lines(editor.buf, 0, -1, true), "\n")
end

local function wait_screen(editor, part)
  local ok = pcall(wait.until_true, part, function()
    return screen(editor):find(part, 1, true)
  end, 15000)
  if not ok then
    error(("%q is not on the screen:\n%s"):format(part, screen(editor)), 2)
  end
end

local function type_keys(editor, keys)
  vim.api.nvim_chan_send(editor.job, vim.keycode(keys))
end

--- Goes back to normal mode. A key that follows at once would be taken as one with Alt.
local function leave(editor)
  type_keys(editor, "<Esc>")
  wait.until_true("normal mode", function()
    local text = screen(editor)
    return text:find(" NOR ", 1, true) and not text:find("┌", 1, true)
  end)
end

--- Writes the file, and returns its text.
local function saved(editor)
  leave(editor)
  type_keys(editor, ":w<CR>")
  wait_screen(editor, "written")
  return table.concat(vim.fn.readfile(editor.home .. "/work/chat.md"), "\n") .. "\n"
end

local function quit(editor)
  type_keys(editor, ":q!<CR>")
  eq(vim.fn.jobwait({ editor.job }, 10000), { 0 })
  vim.api.nvim_buf_delete(editor.buf, { force = true })
end

-- The server warns of the line that is nearly a delimiter, and the status line shows that it is up.
local CHAT = '+++\nmodel = "m1"\n+++\n\n# === USER ===\n\nWhy?\n# === USER===\n'
local READY = "● 1"

T["completion, hover, symbols and diagnostics"] = function()
  local editor = open(CHAT .. "![](notes.txt)\n", "helix-questions")
  wait_screen(editor, READY)
  type_keys(editor, "9gg<Space>k")
  wait_screen(editor, "first line")
  type_keys(editor, "<Space>s")
  wait_screen(editor, "User: Why?")
  leave(editor)
  type_keys(editor, "2ggotempr")
  wait_screen(editor, "temperature")
  type_keys(editor, "ature = 1")
  leave(editor)
  wait_screen(editor, "did you mean")
  quit(editor)
end

T["an answer is streamed while the user types"] = function()
  case.standin:script({
    {
      steps = {
        { deltas = { text = "word {n} 😀\n", count = 3, per_second = 4, role = true } },
        { wait = "go" },
        { deltas = { text = "more {n}\n", count = 3, per_second = 4 } },
        { finish = "stop" },
      },
    },
  })
  local editor = open(CHAT, "helix")
  wait_screen(editor, READY)
  type_keys(editor, ":lsp-workspace-command chatvim.complete<CR>")
  wait_screen(editor, "word 3")
  type_keys(editor, "7ggA Why")
  case.standin:release("go")
  local typed = 0
  -- Keys that arrive one by one while the edits do.
  for _ = 1, 40 do
    type_keys(editor, "y")
    typed = typed + 1
    wait_screen(editor, "Why" .. ("y"):rep(typed))
  end
  wait_screen(editor, "19  # === USER ===")
  local words = {}
  for i = 1, 3 do
    words[i], words[i + 3] = ("word %d 😀"):format(i), ("more %d"):format(i)
  end
  local question = CHAT:gsub("Why%?", "Why? Why" .. ("y"):rep(typed))
  local expected = question .. "\n# === ASSISTANT ===\n\n" .. table.concat(words, "\n")
  eq(saved(editor), expected .. "\n\n# === USER ===\n\n")
  quit(editor)
end

return T
