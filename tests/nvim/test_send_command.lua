-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend !COMMAND: the output of a shell command.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Runs a command and returns what it has added to the chat.
---@param child tests.Child
---@param chat integer
---@param command string
---@return string
local function added(child, chat, command)
  child:command("buffer main.lua | silent only")
  local before = child:text(chat)
  child:command(command)
  wait.until_true("the output of " .. command, function()
    return child:text(chat) ~= before
  end)
  return (child:text(chat):sub(#before + 1):gsub("^\n", ""))
end

T["output and errors with the exit code; a bar belongs to the command"] = function()
  local child, chat = quotes.start(case.EMPTY)
  for command, expected in pairs({
    ["ChatvimSend !echo a b"] = quotes.text("$ echo a b (exit code 0)", "", "a b"),
    ["ChatvimSend !echo a; echo b >&2; exit 3"] = quotes.text(
      "$ echo a; echo b >&2; exit 3 (exit code 3)",
      "",
      "a\nb"
    ),
    ["ChatvimSend !printf 'x\\ny\\n' | grep y"] = quotes.text(
      "$ printf 'x\\ny\\n' | grep y (exit code 0)",
      "",
      "y"
    ),
    ['ChatvimSend right !echo "a|b"'] = quotes.text('$ echo "a|b" (exit code 0)', "", "a|b"),
    ["ChatvimSend !true"] = "$ true (exit code 0, no output)\n\n",
    ["ChatvimSend !wc -l < %"] = quotes.text("$ wc -l < % (exit code 0)", "", "3"),
    ["ChatvimSend !basename %:r"] = quotes.text("$ basename %:r (exit code 0)", "", "main"),
    ["ChatvimSend !echo 100%"] = quotes.text("$ echo 100% (exit code 0)", "", "100%"),
    ["ChatvimSend !no-such-program 2>/dev/null"] = "$ no-such-program 2>/dev/null "
      .. "(exit code 127, no output)\n\n",
    ["2,3ChatvimSend !tac"] = quotes.text(
      "$ tac (input src/main.lua:2-3, exit code 0)",
      "",
      "local c = 3\nlocal b = 2"
    ),
    ["1ChatvimSend !exit 0"] = "$ exit 0 (input src/main.lua:1, exit code 0, no output)\n\n",
  }) do
    eq({ command, added(child, chat, command) }, { command, expected })
    eq(layout.of(child), "row(main.lua, chat.md*)")
  end
  case.expect_calm(child)
end

T["what a terminal would show: no colors, nothing that was printed over, only UTF-8"] = function()
  local child, chat = quotes.start(case.EMPTY)
  files.write(
    child.folder .. "/raw",
    "\27[1;31mred\27[0m\27[K \27]8;;http://x\27\\link\27]8;;\7 \27(B\r\n10%\r50%\r100%\n"
      .. "_\8ue\8e é\8è\nnul\0bell\7 \255\254 \237\160\128 ok €\ttab\n# === USER ===\n```\n\n"
  )
  local expected = "red link \n100%\nue è\nnulbell \239\191\189\239\191\189 "
    .. ("\239\191\189"):rep(3)
    .. " ok €\ttab\n\\# === USER ===\n```"
  local label = "$ cat raw (exit code 0)"
  eq(added(child, chat, "ChatvimSend !cat raw"), label .. "\n````\n" .. expected .. "\n````\n\n")
end

T["a bar or a comment after other words ends them, as for any command"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:command("2ChatvimSend left | let g:after = bufname() | wincmd p")
  eq(child:text(chat), case.EMPTY .. quotes.text("src/main.lua:2", "lua", "local b = 2"))
  eq(vim.fs.basename(child:api("nvim_get_var", "after")), "chat.md")
  eq(layout.of(child), "row(chat.md, main.lua*)")
  child:command('ChatvimSend " a comment')
  case.expect_part(child:text(chat), "src/main.lua:1\n")
end

T["output that arrives late: the user stays where they are, and typing goes on"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:command("ChatvimSend !while ! test -e go; do sleep 0.02; done; echo late")
  child:command("botright new")
  child:type("iWords that are ")
  wait.until_true("the first words", function()
    return child:text() == "Words that are "
  end)
  files.write(child.folder .. "/go", "")
  wait.until_true("the end of the command", function()
    return child:lua("return #vim.api.nvim_get_autocmds({ event = 'CmdwinLeave' })") > 0
  end)
  eq(child:text(chat), vim.trim(case.EMPTY) .. "\n")
  child:type("typed<Esc>")
  child:wait_text("late", chat)
  eq(child:text(), "Words that are typed")
  eq(layout.of(child), "col(main.lua, row(*, chat.md))")
  eq(child:api("nvim_buf_get_name", 0), "")
  child:wait_message("echo late` is in chat.md now")
end

T["too much output stops the command and what it started"] = function()
  local child, chat = quotes.start(case.EMPTY)
  local text = added(child, chat, "ChatvimSend !echo $$ > pid; yes | cat")
  eq(text:match("^[^\n]+"), "$ echo $$ > pid; yes | cat (stopped after 1 MiB of output)")
  eq(#text > 1024 * 1024 and #text < 1024 * 1024 + 200, true)
  local pid = tonumber(files.read(child.folder .. "/pid"))
  wait.until_true("the end of the processes", function()
    return vim.system({ "pgrep", "-s", tostring(pid) }):wait().code == 1
  end)
end

T["a command that takes too long is stopped; it ends with Neovim"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:lua([[require("chatvim.command.send.run").MOST_SECONDS = 0.2]])
  local text = added(child, chat, "ChatvimSend !echo started; sleep 1000")
  eq(text, quotes.text("$ echo started; sleep 1000 (stopped after 0.2 seconds)", "", "started"))
  child:lua([[require("chatvim.command.send.run").MOST_SECONDS = 1000]])
  child:command("buffer main.lua")
  child:command("ChatvimSend !echo $$ > pid; sleep 1000")
  local pid = wait.until_true("its process id", function()
    local file = io.open(child.folder .. "/pid")
    return file and tonumber(file:read("*a"))
  end)
  eq(files.is_alive(pid), true)
  child:stop()
  wait.until_true("its end", function()
    return not files.is_alive(pid)
  end)
end

T["refused: no command, and names that do not exist"] = function()
  local child = quotes.start(case.EMPTY)
  case.expect_refusal(child, "ChatvimSend !", "write a command after the `!`")
  child:command("enew")
  case.expect_refusal(
    child,
    "ChatvimSend !cat %",
    "`%` stands for a file name, and this buffer has"
  )
end

return T
