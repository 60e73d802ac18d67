-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimModel sets the model of a chat and changes nothing else in its front matter (B19).
local case = require("helpers.case")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Runs the command and waits for the message that ends it.
local function set(child, name)
  local before = #child:messages()
  child:command("ChatvimModel " .. name)
  return wait.until_true("the message", function()
    local messages = child:messages()
    return #messages > before and messages:sub(before + 1)
  end)
end

--- Makes pickers in the child choose the item of that name; records what was shown.
local function stub_picker(child, name)
  child:lua(
    [[
    local name = ...
    vim.ui.select = function(items, options, on_choice)
      _G.shown = vim.tbl_map(options.format_item, items)
      for _, item in ipairs(items) do
        if item.name == name then
          on_choice(item)
        end
      end
    end
  ]],
    name
  )
end

local function shown(child)
  return wait.until_true("the picker", function()
    local list = child:lua("return _G.shown")
    return list ~= vim.NIL and list
  end)
end

local DOCUMENTS = {
  {
    "TOML with comments",
    '+++\n# mine\nmodel = "m1"   # why\ntitle = "x"\n[body]\nmodel = "z"\n+++\nQ\n',
    '+++\n# mine\nmodel = "m2"   # why\ntitle = "x"\n[body]\nmodel = "z"\n+++\nQ',
  },
  {
    "YAML",
    "---\ntags: [a]\nmodel: m1 # why\n---\nQ\n",
    "---\ntags: [a]\nmodel: m2 # why\n---\nQ",
  },
  { "TOML without a model", "+++\nseed = 1\n+++\nQ\n", '+++\nmodel = "m2"\nseed = 1\n+++\nQ' },
  { "empty YAML", "---\n---\nQ\n", "---\nmodel: m2\n---\nQ" },
  { "many lines", "---\nmodel: >-\n  m1\nseed: 1\n---\nQ\n", "---\nmodel: m2\nseed: 1\n---\nQ" },
  { "no front matter", "Q\n", '+++\nmodel = "m2"\n+++\n\nQ' },
  { "nothing", "", '+++\nmodel = "m2"\n+++\n' },
  { "an unclosed marker", "---\nQ\n", '+++\nmodel = "m2"\n+++\n---\nQ' },
}

T["sets only the value, as one undo step"] = function()
  local child = case.child()
  for _, document in ipairs(DOCUMENTS) do
    local name, before, after = unpack(document)
    child:chat(before, name:gsub(" ", "-") .. ".md")
    local text = child:text()
    case.expect_part(set(child, "m2"), "model: m2")
    eq({ name, child:text() }, { name, after })
    child:feed("u")
    eq({ name, child:text() }, { name, text })
    child:feed("<C-r>")
    eq({ name, child:text() }, { name, after })
  end
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the next answer comes from the model that was set"] = function()
  local child = case.child()
  child:chat("Q\n")
  set(child, "standin/m3")
  case.standin:script({ replies.answer("A") })
  child:complete()
  eq(case.standin:requests()[1].json.model, "m3")
end

T["a model that cannot be set changes nothing, with a reason"] = function()
  local child = case.child()
  for _, refusal in ipairs({
    { "+++\nmodel = 3\n+++\nQ\n", "m2", "Line 2" },
    { "+++\nmodel = \n+++\nQ\n", "m2", "Line 2" },
    { "---\n{title: x}\n---\nQ\n", "m2", "by hand" },
    { "Q\n", "opnai/gpt-5", "openai" },
    { "Q\n", "nonsense", "No provider is known" },
  }) do
    local text, name, message = unpack(refusal)
    child:chat(text)
    local before = child:text()
    case.expect_part(set(child, name), message)
    eq(child:text(), before)
    eq(child:lua("return vim.bo.modified"), false)
  end
end

T["a buffer that cannot be changed is refused"] = function()
  local child = case.child()
  child:chat("Q\n")
  child:command("setlocal nomodifiable")
  case.expect_part(set(child, "m2"), "cannot be changed")
  case.expect_part(set(child, ""), "cannot be changed")
  eq(child:text(), "Q")
end

T["nothing of the user's is disturbed"] = function()
  local child = case.child()
  local lines = { "+++", 'model = "m1" # c', "+++" }
  for number = 1, 100 do
    table.insert(lines, "line " .. number)
  end
  child:chat(table.concat(lines, "\n") .. "\n")
  child:feed("50Gzt3lyiwma2Gfcmb60G")
  local function state()
    return child:lua([[
      return {
        vim.fn.getreg('"'), vim.api.nvim_buf_get_mark(0, "a"), vim.api.nvim_buf_get_mark(0, "."),
        vim.api.nvim_buf_get_mark(0, "["), vim.fn.getjumplist()[2], vim.o.undolevels,
        vim.api.nvim_get_mode().mode, vim.fn.getreg("/"), vim.api.nvim_buf_get_mark(0, "b"),
      }
    ]])
  end
  local before, view = state(), views.all(child)
  set(child, "standin/m2")
  eq(child:lines()[2], 'model = "standin/m2" # c')
  eq(views.all(child), view)
  local after = state()
  -- The second line is longer now, so a mark after the value may move.
  before[9], after[9] = nil, nil
  eq(after, before)
end

T["an added front matter moves no text on the screen of another window"] = function()
  local child = case.child()
  local lines = {}
  for number = 1, 100 do
    table.insert(lines, "line " .. number)
  end
  child:chat(table.concat(lines, "\n") .. "\n")
  child:feed("50Gzt")
  set(child, "m2")
  eq(child:api("nvim_get_current_line"), "line 50")
  eq(child:lua("return vim.fn.getline(vim.fn.line('w0'))"), "line 50")
end

T["works during an answer"] = function()
  local child = case.child()
  for _, text in ipairs({ "Q\n", '+++\nmodel = "m1"\n+++\nQ\n' }) do
    child:chat(text, ("run%d.md"):format(#text))
    case.standin:script({ replies.gated({ "one", " two", "\nthree" }) })
    child:command("ChatvimComplete")
    child:wait_text("one")
    set(child, "m2")
    case.standin:release("g1", true)
    case.standin:release("g2", true)
    case.standin:release("end", true)
    wait.until_true("the end", function()
      return child:lua("return require('chatvim').status()") == ""
    end)
    local head = '+++\nmodel = "m2"\n+++\n' .. (#text == 2 and "\n" or "")
    eq(child:text(), head .. case.answered("Q", "one two\nthree"))
    case.standin:reset()
  end
end

T["the picker shows the models of providers with a key, and sets the chosen one"] = function()
  local facts = '[facts."standin/m2"]\ncontext = 64000\nprice = { input = 0.5, output = 4 }'
  local child = case.child({ config = case.config(facts), env = { XAI_API_KEY = "k" } })
  child:chat("Q\n")
  stub_picker(child, "standin/m2")
  child:command("ChatvimModel")
  local list = shown(child)
  child:wait_text('model = "m2"')
  local text = table.concat(list, "\n")
  case.expect_part(text, "* standin/m1")
  eq(text:find("  standin/m2 +64K  %$0%.5 / %$4 per M") ~= nil, true)
  -- From the built-in catalogue.
  eq(text:find("  xai/[%w.-]+ +[%d.]+[KM]  %$[%d.]+ / %$[%d.]+ per M") ~= nil, true)
  case.expect_part(text, "  standin/m9")
  case.expect_part(text, "xai/")
  eq(text:find("openai/"), nil)
  eq(text:find("ollama/"), nil)
end

T["the chosen model is written in its shortest unambiguous form"] = function()
  local relay = '[providers.relay]\nbase_url = "http://127.0.0.1:9/v1"\nmodels = ["xai/grok-4.5"]'
  local config = case.config(relay):gsub('model = "m1"', "", 1)
  local child = case.child({ config = config, env = { XAI_API_KEY = "k" } })
  child:chat('+++\nmodel = "xai/grok-4.5"\n+++\nQ\n')
  local models = child:lua("return (require('chatvim.program.query').wait('models', 0, 5000))")
  local settings = {}
  for _, model in ipairs(models) do
    settings[model.name] = model.setting
    eq(model.current, model.name == "xai/grok-4.5")
  end
  eq(settings["xai/grok-4.5"], "grok-4.5")
  eq(settings["standin/m2"], "m2")
  -- Without its first part, the name would mean another provider.
  eq(settings["relay/xai/grok-4.5"], "relay/xai/grok-4.5")
end

T["with no key the picker says what to set"] = function()
  local child = case.child({ config = "" })
  child:chat("Q\n")
  stub_picker(child, "none")
  case.expect_part(set(child, ""), "XAI_API_KEY")
  eq(child:lua("return _G.shown"), vim.NIL)
end

T["a cancelled picker changes nothing"] = function()
  local child = case.child()
  child:chat("Q\n")
  stub_picker(child, "none")
  child:command("ChatvimModel")
  shown(child)
  eq(child:text(), "Q")
  case.expect_calm(child)
end

T["names are completed, with their provider or without"] = function()
  local child = case.child()
  child:chat("Q\n")
  eq(#child:lua("return vim.fn.getcompletion('ChatvimModel standin/', 'cmdline')"), 9)
  eq(child:lua("return vim.fn.getcompletion('ChatvimModel m7', 'cmdline')"), { "standin/m7" })
  eq(child:lua("return vim.fn.getcompletion('ChatvimModel zz', 'cmdline')"), {})
end

T["the default key is mapped if it is free"] = function()
  local child = case.child()
  child:chat("Q\n")
  local rhs = "return vim.fn.maparg(vim.g.mapleader and '<Leader>cvm' or '\\\\cvm', 'n')"
  eq(child:lua(rhs), "<Plug>(chatvim-model)")
  local other = case.child({ commands = { "nnoremap <Leader>cvm :echo 1<CR>" } })
  other:chat("Q\n")
  eq(other:lua(rhs), ":echo 1<CR>")
end

T["context and price in short form"] = function()
  local child = case.child()
  local function format(model)
    return child:lua("return require('chatvim.command.model').format(..., 6)", model)
  end
  eq(format({ name = "a/long" }), "  a/long")
  eq(
    format({ name = "a/b", current = true, context = 1050000, price = { input = 2, output = 10 } }),
    "* a/b     1.05M  $2 / $10 per M"
  )
  eq(format({ name = "a/long", context = 400000 }), "  a/long   400K")
  eq(format({ name = "a/long", context = 1000000 }), "  a/long     1M")
  eq(
    format({ name = "a/b", price = { input = 0.15, output = 0.6 } }),
    "  a/b     $0.15 / $0.6 per M"
  )
end

return T
