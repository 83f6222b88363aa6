import protobuf from 'protobufjs';

/**
 * The messages of TensorFlow that a SavedModel without a checkpoint needs, with the fields that are written here.
 * Numbers are those of tensorflow/core/protobuf/{saved_model,meta_graph}.proto and of
 * tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape,function,op_def,versions}.proto. Enums are
 * declared as int32, which is the same on the wire. A string in the code, so that it is found wherever the code is.
 */
const definition = `
syntax = "proto3";
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
message MetaGraphDef {
  MetaInfoDef meta_info_def = 1;
  GraphDef graph_def = 2;
  map<string, SignatureDef> signature_def = 5;
}
message MetaInfoDef { repeated string tags = 4; string tensorflow_version = 5; }
message SignatureDef { map<string, TensorInfo> inputs = 1; map<string, TensorInfo> outputs = 2; string method_name = 3; }
message TensorInfo { string name = 1; int32 dtype = 2; TensorShapeProto tensor_shape = 3; }
message GraphDef { repeated NodeDef node = 1; FunctionDefLibrary library = 2; VersionDef versions = 4; }
message VersionDef { int32 producer = 1; }
message NodeDef {
  string name = 1;
  string op = 2;
  repeated string input = 3;
  map<string, AttrValue> attr = 5;
}
message AttrValue {
  message ListValue { repeated int64 i = 3; repeated int32 type = 6; }
  oneof value {
    ListValue list = 1;
    bytes s = 2;
    int64 i = 3;
    float f = 4;
    bool b = 5;
    int32 type = 6;
    TensorShapeProto shape = 7;
    TensorProto tensor = 8;
    NameAttrList func = 10;
  }
}
message NameAttrList { string name = 1; }
message TensorShapeProto { message Dim { int64 size = 1; } repeated Dim dim = 2; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; repeated float float_val = 5; }
message FunctionDefLibrary { repeated FunctionDef function = 1; }
message FunctionDef {
  OpDef signature = 1;
  repeated NodeDef node_def = 3;
  map<string, string> ret = 4;
  map<string, AttrValue> attr = 5;
}
message OpDef {
  message ArgDef { string name = 1; int32 type = 3; }
  string name = 1;
  repeated ArgDef input_arg = 2;
  repeated ArgDef output_arg = 3;
}
`;

const savedModelType = protobuf.parse(definition).root.lookupType('SavedModel');

export interface ShapeProto {
  readonly dim: readonly { readonly size: number }[];
}
export interface TensorProto {
  readonly dtype: number;
  readonly tensorShape: ShapeProto;
  readonly tensorContent?: Uint8Array;
  /** Fewer values than the shape has: the last one repeats. */
  readonly floatVal?: readonly number[];
}
/** One of the fields is set. */
export interface AttrValue {
  readonly list?: { readonly i?: readonly number[]; readonly type?: readonly number[] };
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: ShapeProto;
  readonly tensor?: TensorProto;
  readonly func?: { readonly name: string };
}
export type Attributes = Readonly<Record<string, AttrValue>>;
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Attributes;
}
export interface FunctionDef {
  readonly signature: {
    readonly name: string;
    readonly inputArg: readonly { readonly name: string; readonly type: number }[];
    readonly outputArg: readonly { readonly name: string; readonly type: number }[];
  };
  readonly nodeDef: readonly NodeDef[];
  /** Output argument to `node:output:index`. */
  readonly ret: Readonly<Record<string, string>>;
  readonly attr: Attributes;
}
export interface TensorInfo {
  readonly name: string;
  readonly dtype: number;
  readonly tensorShape: ShapeProto;
}
export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** GraphDef version of TensorFlow 2.9, the oldest library that the binding is used with. */
const producer = 1087;

/** The bytes of `saved_model.pb`: one graph with the tag `serve`. */
export function encodeSavedModel(
  nodes: readonly NodeDef[],
  functions: readonly FunctionDef[],
  signatures: Readonly<Record<string, SignatureDef>>,
): Uint8Array {
  const signatureDef = Object.fromEntries(
    Object.entries(signatures).map(([name, s]) => [name, { ...s, methodName: 'tensorflow/serving/predict' }]),
  );
  return savedModelType
    .encode({
      savedModelSchemaVersion: 1,
      metaGraphs: [
        {
          metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.9.1' },
          graphDef: { node: nodes, library: { function: functions }, versions: { producer } },
          signatureDef,
        },
      ],
    })
    .finish();
}
