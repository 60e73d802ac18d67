-- SPDX-License-Identifier: Apache-2.0
-- Text that has arrived is never lost: journals, the offer and :ChatvimRecover (B3, B30).
local case = require("helpers.case")
local files = require("helpers.system")
local journal = require("helpers.journals")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality
local journals, wait_journal = journal.all, journal.wait
local wait_no_journal = journal.wait_none

local T = case.set()

--- Starts an answer, whose first piece is "one two" by default, and waits until the journal has it.
local function start(child, text)
  case.standin:script({ replies.gated({ text or "one two", "", "" }) })
  child:command("ChatvimComplete")
  child:wait_text(text or "one two")
  return wait_journal(child, text or "one two")
end

--- Expects no offer: asks the program something afterwards and waits for the answer.
local function expect_no_offer(child)
  child:sync()
  child:lua("return require('chatvim').messages()")
  child:sync()
  eq(child:messages():find("cut off", 1, true), nil)
end

local function recover(child)
  child:command("ChatvimRecover")
  child:wait_message("chatvim: ")
  child:sync()
end

T["kill -9, nothing saved: offered once, restored, removed when saved"] = function()
  local child = case.child()
  child:chat("", "chat.md")
  child:lua("vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'My question', 'of two lines' })")
  local path = start(child, "one two")
  local state = child.home .. "/state/nvim/chatvim"
  eq(vim.uv.fs_stat(path).mode % 512, 384) -- 0600
  eq(vim.uv.fs_stat(state).mode % 512, 448) -- 0700
  child:kill()

  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was cut off at ")
  case.expect_part(second:messages(), ":ChatvimRecover puts it back")
  eq(second:text(), "")
  second:stop()

  local third = child:another()
  third:command("edit chat.md")
  expect_no_offer(third)
  third:command("ChatvimRecover")
  third:wait_message("put back what was missing of an answer of 7 characters")
  eq(third:text(), case.answered("My question\nof two lines", "one two"))
  -- It is one undo step, and the journal stays until the text is saved.
  eq(#journals(child), 1)
  third:command("silent undo")
  eq(third:text(), "")
  third:command("silent redo")
  third:command("silent write")
  wait_no_journal(child)
  third:command("messages clear | ChatvimRecover")
  third:wait_message("nothing to recover")
end

T["a saved question with half an answer gets the rest, and nothing twice"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("silent write")
  case.standin:release("g1")
  child:wait_text("one two")
  wait_journal(child, "one two")
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was cut off")
  eq(second:text(), "Q\n\n# === ASSISTANT ===\n\none")
  second:command("messages clear")
  recover(second)
  eq(second:text(), case.answered("Q", "one two"))
  -- The second time there is nothing to add.
  second:command("messages clear")
  recover(second)
  case.expect_part(second:messages(), "nothing is missing")
  eq(second:text(), case.answered("Q", "one two"))
end

T["text below the part that was saved stays below, and a fence is closed"] = function()
  local child = case.child()
  child:chat("Q")
  start(child, "Look:\n```lua\nlocal a = 1")
  child:kill()
  files.write(child.folder .. "/chat.md", "Q\n\n# === ASSISTANT ===\n\nLook:\n\nMy note\n")
  local second = child:another()
  second:command("edit chat.md")
  second:command("ChatvimRecover")
  second:wait_text("local a")
  local answer = "Look:\n```lua\nlocal a = 1\n```"
  eq(second:text(), case.answered("Q", answer) .. "\n\nMy note")
end

T["a line that the writer holds back is not lost"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one\n# === US", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  wait_journal(child, "# === US\n\n# === USER")
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:wait_message("an answer of 12 characters was cut off")
  second:command("ChatvimRecover")
  second:wait_text("# === US\n")
  eq(second:text(), case.answered("Q", "one\n# === US"))
end

T["text that waits because the buffer is 'nomodifiable' is in the journal"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("set nomodifiable")
  case.standin:release("g1")
  wait_journal(child, "one two")
  eq(child:text():find("two", 1, true), nil)
  -- Only the program dies: the command restores what had not reached Lua.
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end()
  case.expect_part(child:messages(), ":ChatvimRecover adds what else had arrived")
  child:command("messages clear")
  recover(child)
  case.expect_part(child:messages(), "cannot be changed")
  child:command("set modifiable | messages clear")
  recover(child)
  eq(child:text(), case.answered("Q", "one two"))
end

T["only the program was killed: nothing is missing, which is reported"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end()
  child:command("messages clear")
  recover(child)
  case.expect_part(child:messages(), "nothing is missing")
  eq(child:text(), case.answered("Q", "one two"))
  eq(#journals(child), 1)
  child:command("silent write")
  wait_no_journal(child)
end

T["both died: the file has a part, the journal has all"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  local program = child:program_pid()
  assert(vim.uv.kill(program, "sigkill"))
  child:wait_end()
  child:command("silent write")
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:command("ChatvimRecover")
  second:wait_message("nothing is missing")
  -- Now the file has the whole answer.
  wait_no_journal(child)
end

for name, leave in pairs({
  [":q!"] = "quit!",
  [":qa!"] = "qall!",
  ["a wiped buffer"] = "enew | silent! bwipeout! chat.md",
  ["an unloaded buffer"] = "enew | silent! bunload! chat.md",
}) do
  T["the journal stays after " .. name] = function()
    local child = case.child()
    child:chat("Q")
    start(child)
    vim.rpcnotify(child.channel, "nvim_command", leave)
    if leave:find("quit") or leave:find("qall") then
      vim.fn.jobwait({ child.job }, 5000)
    else
      child:wait_end()
    end
    local second = child:another()
    second:command("edit chat.md")
    -- The program of the first Neovim may still run for a moment.
    wait.until_true("the offer", function()
      if second:messages():find("an answer of 7 characters was cut off", 1, true) then
        return true
      end
      second:command("silent edit")
    end)
    second:command("ChatvimRecover")
    second:wait_text("one two")
    eq(second:text(), case.answered("Q", "one two"))
  end
end

T["the journal stays until the answer is in the file, however it ended"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  for _, gate in ipairs({ "g1", "g2", "end" }) do
    case.standin:release(gate)
  end
  eq(child:wait_end().outcome, "done")
  eq(#journals(child), 1)
  child:command("silent write")
  wait_no_journal(child)

  child:feed("GiR<Esc>")
  start(child, "three")
  child:command("ChatvimStop")
  eq(child:wait_end(2).outcome, "stopped")
  eq(#journals(child), 1)
  -- Written to another file, the answer is still not in the chat's own.
  child:command("silent write elsewhere.md")
  child:sync()
  eq(#journals(child), 1)
  child:command("silent write")
  wait_no_journal(child)

  child:feed("GiS<Esc>")
  case.standin:script({
    {
      steps = {
        { deltas = { text = { "four" }, count = 1 } },
        { wait = "break" },
        { reset = true },
      },
    },
  })
  child:command("ChatvimComplete")
  child:wait_text("four")
  wait_journal(child, "four")
  case.standin:release("break")
  eq(child:wait_end(3).outcome, "error")
  eq(#journals(child), 1)
  child:command("silent write")
  wait_no_journal(child)
  child:command("messages clear | ChatvimRecover")
  child:wait_message("nothing to recover")
end

T["an answer that has ended and is not saved is restored after kill -9"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.answer("one two") })
  child:complete()
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("an answer of 7 characters was not saved at ")
  second:command("ChatvimRecover")
  second:wait_text("one two")
  eq(second:text(), case.answered("Q", "one two"))
  second:command("silent write")
  wait_no_journal(child)
end

T["several answers that are not saved are restored together"] = function()
  local child = case.child()
  child:chat("Q")
  local text = "Q"
  for index = 1, 3 do
    case.standin:script({ replies.answer("answer " .. index) })
    child:complete()
    text = case.answered(text, "answer " .. index)
    if index < 3 then
      child:feed("Gi" .. "question " .. index .. "<Esc>")
      text = text .. "question " .. index
    end
    eq(#journals(child), 1)
  end
  -- A retry replaces the last one.
  case.standin:script({ replies.answer("answer 4") })
  child:complete("ChatvimRetry")
  text = text:gsub("answer 3", "answer 4")
  eq({ child:text(), #journals(child) }, { text, 1 })
  child:kill()
  local second = child:another({ files = { "chat.md" } })
  second:command("ChatvimRecover")
  second:wait_text("answer 4")
  eq(second:text(), text)
end

T["an undone answer is not offered, a redone one is"] = function()
  for _, keys in ipairs({ "u", "u<C-r>" }) do
    local child = case.child()
    child:chat("Q")
    case.standin:script({ replies.answer("one two") })
    child:complete()
    for key in keys:gmatch("<?[%w-]+>?") do
      child:feed(key)
      child:sync()
    end
    child:lua("return require('chatvim').messages()")
    child:kill()
    local second = child:another()
    second:command("edit chat.md")
    if keys == "u" then
      expect_no_offer(second)
    else
      second:wait_message("was not saved")
    end
    second:stop()
  end
end

T["autosave and :wq leave no journal"] = function()
  local child = case.child({ options = { autosave = true } })
  child:chat("Q")
  case.standin:script({ replies.answer("one two") })
  child:complete()
  wait_no_journal(child)
  child:stop()
  local second = case.child()
  second:chat("Q")
  case.standin:script({ replies.answer("one two") })
  second:complete()
  eq(#journals(second), 1)
  vim.rpcnotify(second.channel, "nvim_command", "silent wq")
  vim.fn.jobwait({ second.job }, 5000)
  eq(#journals(second), 0)
end

T["the journal is removed after undo, and stays after a reload of the buffer"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  wait_journal(child, "one")
  child:command("silent undo")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  wait_no_journal(child)

  start(child)
  child:command("silent edit!")
  eq(child:wait_end(2).outcome, "stopped")
  child:wait_message(":ChatvimRecover puts back what had come")
  eq(child:text(), "Q")
  child:command("ChatvimRecover")
  child:wait_text("one two")
  eq(child:text(), case.answered("Q", "one two"))
end

T["a symbolic link is the same chat; a journal that is a link is refused"] = function()
  local child = case.child()
  child:chat("Q", "real.md")
  assert(vim.uv.fs_symlink(child.folder .. "/real.md", child.folder .. "/link.md"))
  child:command("edit link.md")
  local path = start(child)
  child:kill()
  local second = child:another()
  second:command("edit real.md")
  second:wait_message("was cut off")
  second:stop()

  local secret = child.folder .. "/secret"
  assert(vim.uv.fs_rename(path, secret))
  assert(vim.uv.fs_symlink(secret, path))
  local third = child:another()
  third:command("edit link.md | ChatvimRecover")
  third:wait_message("it is a symbolic link")
  case.standin:script({ replies.answer("yes") })
  eq(third:complete().outcome, "done")
  eq(files.read(secret):find("one two", 1, true) ~= nil, true)
end

T["two Neovims answer in one file: two journals, neither offered while it is in use"] = function()
  local child = case.child()
  child:chat("Q")
  start(child, "from the first")
  local second = child:another()
  second:command("edit chat.md")
  expect_no_offer(second)
  case.standin:script({ replies.gated({ "from the second", "" }) })
  second:command("ChatvimComplete")
  second:wait_text("from the second")
  local path = wait_journal(child, "from the second", 2)
  eq(path:sub(-2), ".2")
  second:command("ChatvimRecover")
  second:wait_message("this chat's answer is still being written")
  -- When the first ends normally, the other's journal moves to the first name, where it is found.
  child:command("ChatvimStop")
  child:wait_end()
  child:command("silent write")
  wait.until_true("one journal", function()
    return #journals(child) == 1
  end)
  case.expect_part(files.read(journals(child)[1]), "from the second")
  second:kill()
  local third = child:another()
  third:command("edit chat.md")
  third:wait_message("an answer of 15 characters was cut off")
  third:command("ChatvimRecover")
  third:wait_text("from the second")
  third:command("silent write")
  wait_no_journal(child)
end

T["two answers were cut off: after one is restored the other is offered"] = function()
  local child = case.child()
  child:chat("Q")
  start(child, "from the first")
  local second = child:another()
  second:command("edit chat.md")
  case.standin:script({ replies.gated({ "from the second", "" }) })
  second:command("ChatvimComplete")
  second:wait_text("from the second")
  wait_journal(child, "from the second", 2)
  child:kill()
  second:kill()
  for count = 1, 2 do
    local third = child:another()
    third:command("edit chat.md")
    third:wait_message("was cut off")
    third:command("ChatvimRecover")
    third:wait_message("put back")
    third:command("silent write")
    wait.until_true("the end of its journal", function()
      return #journals(child) == 2 - count
    end)
    third:stop()
    files.write(child.folder .. "/chat.md", "Q\n")
  end
end

T["the offer is visible with 'cmdheight' 0"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  child:kill()
  local second = child:another({ screen = true })
  second:command("set cmdheight=0")
  second:type(":edit chat.md<CR>")
  wait.until_true("the offer", function()
    local screen = views.screen_as_it_is(second)
    return vim.startswith(screen[#screen], "chatvim: an answer of 7 characters was cut off")
  end)
  -- It stays visible after later redraws.
  second:sync()
  local screen = views.screen_as_it_is(second)
  eq(vim.startswith(screen[#screen], "chatvim: an answer of 7 characters was cut off"), true)
  eq(second:api("nvim_get_mode"), { mode = "n", blocking = false })
end

T["an answer that is still running in another Neovim is not restored"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_message("is still being written")
  eq(second:text(), "Q")
end

T["a chat without a file: never offered, found by the command"] = function()
  local child = case.child()
  child:command("set filetype=markdown | call setline(1, 'Q')")
  start(child)
  child:kill()
  local second = child:another()
  second:command("set filetype=markdown")
  expect_no_offer(second)
  -- Another answer in an unnamed buffer uses another name, since the first was not offered to
  -- anybody.
  case.standin:script({ replies.answer("other") })
  second:command("call setline(1, 'R')")
  second:complete()
  eq(#journals(child), 2)
  second:command("silent write other.md")
  wait.until_true("the end of its journal", function()
    return #journals(child) == 1
  end)
  second:command("enew! | ChatvimRecover")
  second:wait_text("one two")
  eq(second:text(), case.answered("Q", "one two"))
  second:command("silent write saved.md")
  wait_no_journal(child)
end

T["an undone recovery that is written leaves the journal"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  child:kill()
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_text("one two")
  second:command("silent undo")
  second:command("call setline(1, 'Q!') | silent undo | silent write!")
  second:command("silent edit!")
  second:command("messages clear | ChatvimRecover")
  second:wait_text("one two")
end

T["a request that fails leaves the journal of an answer from before"] = function()
  local child = case.child()
  child:chat("Q")
  start(child)
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  case.standin:script({ replies.silent() })
  second:command("ChatvimComplete")
  case.standin:wait("wait=1")
  second:command("ChatvimStop")
  second:wait_end()
  second:command("ChatvimRecover")
  second:wait_text("one two")
end

T["a question that was never saved is restored before any answer"] = function()
  local child = case.child()
  child:chat("")
  child:command("call setline(1, 'Long thought')")
  case.standin:script({ replies.silent() })
  child:command("ChatvimComplete")
  wait_journal(child, "Long thought")
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  second:wait_message("a question was left without its answer at ")
  second:command("ChatvimRecover")
  second:wait_message("the question is back")
  eq(second:text(), "Long thought")
end

T["a journal that cannot be written is reported once, without harm"] = function()
  local child = case.child()
  vim.fn.mkdir(child.home .. "/state/nvim", "p")
  files.write(child.home .. "/state/nvim/chatvim", "a file in the folder's place")
  child:chat("Q")
  for index = 1, 2 do
    case.standin:script({ replies.gated({ "one", "" }) })
    child:command("ChatvimComplete")
    child:wait_text("one")
    child:wait_message("cannot be written")
    case.standin:release("g1")
    case.standin:release("end")
    eq(child:wait_end(index).outcome, "done")
    child:feed("GiNext<Esc>")
  end
  local _, count = child:messages():gsub("cannot be written", "")
  eq(count, 1)
  child:command("messages clear | ChatvimRecover")
  child:wait_message("nothing to recover")
end

T["a broken journal is reported in one sentence"] = function()
  local child = case.child()
  child:chat("Q")
  local path = child:lua("return require('chatvim.chat.recover').path(0)")
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  for _, bytes in ipairs({ "", "garbage", '{"chatvim":"journal","version":1,"offered":0}\n' }) do
    files.write(path, bytes)
    child:command("messages clear | ChatvimRecover")
    child:wait_message("cannot be read")
    child:command("silent edit")
    expect_no_offer(child)
  end
  eq(child:text(), "Q")
end

T["times are in words"] = function()
  local child = case.child()
  local function words(time)
    return child:lua("return require('chatvim.chat.recover').describe_time(...)", time)
  end
  eq(words(os.time()):find("^at %d%d:%d%d$"), 1)
  eq(words(86400):find("^on 1970%-01%-0[12] at %d%d:%d%d$"), 1)
end

T["ordinary markdown files start no program"] = function()
  local child = case.child()
  files.write(child.folder .. "/plain.md", "text\n")
  child:command("edit plain.md")
  child:sync()
  eq(child:program_pid(), nil)
  eq(child:lua("return package.loaded['chatvim.program.query'] == nil"), true)
end

return T
